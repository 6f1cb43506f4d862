"""Single mutations of C++ sources: what there are, seeded and in a fixed order."""
import dataclasses
import random
import re

# What stands in the code, what is put there, and of which kind that is. clang-format writes
# binary operators between spaces and neither template brackets nor pointers.
RULES = [
    ("arithmetic", r"(?<=[\w\])]) \+ (?=[\w(])", " - "),
    ("arithmetic", r"(?<=[\w\])]) - (?=[\w(])", " + "),
    ("arithmetic", r"(?<=[\w\])]) \* (?=[\w(])", " + "),
    ("arithmetic", r"(?<=[\w\])]) / (?=[\w(])", " * "),
    ("arithmetic", r" \+= ", " -= "),
    ("arithmetic", r"\bhn::Add\(", "hn::Sub("),
    ("arithmetic", r"\bhn::Sub\(", "hn::Add("),
    ("arithmetic", r"\bhn::Mul\(", "hn::Add("),
    ("arithmetic", r"\bhn::MulAdd\(", "hn::NegMulAdd("),
    ("comparison", r"(?<=[\w\])]) < (?=[\w(])", " <= "),
    ("comparison", r" <= ", " < "),
    ("comparison", r"(?<=[\w\])]) > (?=[\w(-])", " >= "),
    ("comparison", r" >= ", " > "),
    ("comparison", r" == ", " != "),
    ("comparison", r" != ", " == "),
    ("comparison", r" && ", " || "),
    ("comparison", r" \|\| ", " && "),
    ("comparison", r"\bhn::Lt\(", "hn::Le("),
    ("comparison", r"\bhn::Le\(", "hn::Lt("),
    ("comparison", r"\bhn::Gt\(", "hn::Ge("),
    ("comparison", r"\bhn::Ge\(", "hn::Gt("),
    ("off by one", r"(?<=[\w\])] < )(\w[\w.]*)(?=[;)])", r"\1 - 1"),
    ("off by one", r"(?<== )0(?=; \w+ [<!])", "1"),
    ("constant", r"(?<![\w.\"'])0(?![\w.])", "1"),
    ("constant", r"(?<![\w.\"'])([1-9]\d*)(?![\w.])", lambda m: str(int(m[1]) + 1)),
    ("constant", r"(?<![\w.\"'])(\d+\.\d*)(f?)(?!\w)", r"(\1\2 + 1)"),
    ("rounding", r"\bhn::(Round|NearestInt)\(", lambda m: {
        "Round": "hn::Trunc(", "NearestInt": "hn::NearestInt(hn::Trunc("}[m[1]]),
    ("rounding", r"\bstd::(nearbyint|rint|round)\(", "std::trunc("),
    ("rounding", r"\bstd::(lrint|lround)\(", "static_cast<long>("),
    ("rounding", r"\bstd::floor\(", "std::ceil("),
    ("rounding", r"\bstd::ceil\(", "std::floor("),
    ("rounding", r"\bhn::Floor\(", "hn::Ceil("),
    ("rounding", r"\bhn::Ceil\(", "hn::Floor("),
    ("saturation", r"\bstd::min(?=[<(])", "std::max"),
    ("saturation", r"\bstd::max(?=[<(])", "std::min"),
    ("saturation", r"\bhn::Min\(", "hn::Max("),
    ("saturation", r"\bhn::Max\(", "hn::Min("),
    ("saturation", r"\bhn::Saturated(Add|Sub)\(", r"hn::\1("),
    ("saturation", r"\bstd::clamp(?=[<(])", "Unclamped"),
]
# What a template of the compiler, and not of the kernels, needs.
UNCLAMPED = ("template <typename T> static inline T Unclamped(T x, T, T) { return x; }\n")


@dataclasses.dataclass(frozen=True)
class Mutant:
    path: str
    line: int  # from 1
    column: int  # from 0
    kind: str
    old: str
    new: str
    text: str  # the line, stripped

    @property
    def key(self):
        return f"{self.path}:{self.line}:{self.column}:{self.old.strip()}:{self.new.strip()}"

    def __str__(self):
        return (f"{self.path}:{self.line}:{self.column + 1}: {self.kind}: '{self.old.strip()}' -> "
                f"'{self.new.strip()}' in: {self.text}")

    def apply(self, source):
        lines = source.split("\n")
        line = lines[self.line - 1]
        assert line[self.column:self.column + len(self.old)] == self.old, self
        end = self.column + len(self.old)
        rest = line[end:]
        if self.new.endswith("NearestInt(hn::Trunc("):
            # The argument's end, on this line.
            close = closing(rest)
            rest = rest[:close] + ")" + rest[close:]
        lines[self.line - 1] = line[:self.column] + self.new + rest
        if self.new == "Unclamped":
            last = max((i for i, one in enumerate(lines[:self.line]) if
                        one.startswith("#include")), default=-1)
            lines.insert(last + 1, UNCLAMPED)
        return "\n".join(lines)


def closing(text):
    """Where the parenthesis that is open before `text` closes; -1: not in it."""
    depth = 1
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return i
    return -1


def code_lines(source):
    """The lines with comments, strings and what the preprocessor reads blanked."""
    blank = lambda m: re.sub(r"[^\n]", " ", m[0])
    text = re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])'", blank, source,
                  flags=re.S)
    lines = text.split("\n")
    directive = False
    for i, line in enumerate(lines):
        directive = directive or line.lstrip().startswith("#")
        continued = line.rstrip().endswith("\\")
        if directive:
            lines[i] = ""
        directive = directive and continued
    return lines


# Lines whose change only the compiler would see, or that say nothing about numbers.
NO_CODE = re.compile(r"^\s*(using|namespace|template|static_assert|HWY_\w+\(\)?|public:|private:|"
                     r"return absl::|HONE_\w+_IF_ERROR|case \w+::|struct|class|enum)\b|MakeError|"
                     r"DCHECK|assert\(|reserve\(|prefetch|Prefetch|alignas|\boperator\b")


# A member's default, which whoever fills the struct writes over.
DEFAULT = re.compile(r"^\s+[\w:<>, ]+ \w+ = [-{]?[\w., ]+\}?;\s*$")


def mutants_of(path, source):
    found = {}
    members = path.endswith(".h") and not path.endswith("-inl.h")
    for number, (code, whole) in enumerate(zip(code_lines(source), source.split("\n")), 1):
        if NO_CODE.search(code) or (members and DEFAULT.match(code)):
            continue
        for kind, pattern, new in RULES:
            for match in re.finditer(pattern, code):
                text = match.expand(new) if isinstance(new, str) else new(match)
                if "NearestInt(hn::Trunc(" in text and closing(code[match.end():]) < 0:
                    continue
                mutant = Mutant(path, number, match.start(), kind, match[0], text, whole.strip())
                # `i = 0` is the first index of a loop before it is a constant.
                found.setdefault((number, match.start(), match[0]), mutant)
    return sorted(found.values(), key=lambda m: (m.line, m.column, m.new))


def sample(by_file, count, seed):
    """`count` mutants, files taking turns, in an order that the seed decides; 0 is all."""
    rng = random.Random(seed)
    queues = []
    for path in sorted(by_file):
        mutants = list(by_file[path])
        rng.shuffle(mutants)
        queues.append(mutants)
    rng.shuffle(queues)
    out = []
    while any(queues) and (count == 0 or len(out) < count):
        for queue in queues:
            if queue and (count == 0 or len(out) < count):
                out.append(queue.pop())
    return out
