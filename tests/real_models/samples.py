"""What the real models are fed: drawn text, sentences, a voice, or numbers where nothing was
learnt."""
import pathlib
import sys

import numpy as np

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "peers"))
import ocr_data  # noqa: E402

SENTENCES = (
    "A quantized network is smaller, and on most machines it is faster.",
    "The measured accuracy of the model held.",
    "Der schnelle braune Fuchs springt über den faulen Hund.",
    "42",
    "Calibration data are three hundred samples of the training set, no more; what a user needs "
    "is a number that can be trusted, with its interval, on data that no decision has seen.",
)
RATE, FRAME = 16000, 512


def rng():
    return np.random.default_rng(0)


def image(size, count=2):
    return [{"input": x[None]} for x in rng().random((count, 3, size, size), np.float32)]


def text_lines(name):
    return [{name: x[None]} for x in ocr_data.lines(7, 4)[1]]


def text_pages(name):
    return [{name: x[None]} for x in ocr_data.pages(8, 2)]


def text_angles(name):
    """Lines as the classifier of directions reads them, every other one upside down."""
    return [{name: (x if i % 2 else x[:, ::-1, ::-1])[None, :, :, :192].copy()}
            for i, x in enumerate(ocr_data.lines(9, 4)[1])]


def sentences(tokenizer):
    from tokenizers import Tokenizer
    reader = Tokenizer.from_file(str(tokenizer))
    reader.enable_padding()
    batches = [reader.encode_batch(list(SENTENCES)), *([reader.encode(s)] for s in SENTENCES[:2])]
    return [{"input_ids": np.array([e.ids for e in batch], np.int64),
             "attention_mask": np.array([e.attention_mask for e in batch], np.int64),
             "token_type_ids": np.array([e.type_ids for e in batch], np.int64)}
            for batch in batches]


def tokens():
    random = rng()
    ids = [random.integers(0, 30522, shape) for shape in ((1, 128), (3, 17))]
    return [{"input_ids": x, "attention_mask": np.ones_like(x),
             "token_type_ids": np.zeros_like(x)} for x in ids]


def words():
    random = rng()
    return [{"words": random.integers(0, 10000, shape)} for shape in ((1, 40), (4, 7))]


def decoder(layers=12):
    """A first run on an empty cache, one on a cache of five."""
    random = rng()
    runs = []
    for length, past in ((6, 0), (1, 5)):
        run = {"input_ids": random.integers(0, 50257, (2, length))}
        for i in range(layers):
            for kind in ("key", "value"):
                run[f"past.{i}.{kind}"] = random.standard_normal(
                    (2, 12, past, 64)).astype(np.float32)
        runs.append(run)
    return runs


def decoder_steps(steps=6):
    """One sequence, token by token, from an empty cache."""
    return {"input_ids": rng().integers(0, 50257, (1, steps, 1, 1))}


def voice(seconds=3.0):
    """Vowels with pauses between: harmonics of a falling pitch under three formants."""
    random = rng()
    t = np.arange(int(RATE * seconds)) / RATE
    pitch = 140 - 10 * t + 4 * np.sin(2 * np.pi * 5 * t)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    vowels = np.array([(730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240)])
    formants = vowels[(t * 4).astype(int) % 3]
    sound = np.zeros_like(t)
    for k in range(1, 28):
        gain = sum(np.exp(-(((k * pitch - f) / 120) ** 2)) for f in formants.T) + 0.05 / k
        sound += gain * np.sin(k * phase)
    spoken = (t % 1.0 < 0.6) * np.minimum(1, np.minimum(t % 1.0, 0.6 - t % 1.0).clip(0) * 40)
    sound = 0.15 * sound * spoken + 0.001 * random.standard_normal(t.size)
    return sound.astype(np.float32)


def voice_frames():
    """One sequence: 64 samples of the frame before, then the frame's 512."""
    sound = voice()
    frames = sound[:sound.size // FRAME * FRAME].reshape(-1, FRAME)
    before = np.vstack([np.zeros((1, 64), np.float32), frames[:-1, -64:]])
    x = np.concatenate([before, frames], 1)
    return {"input": x[None, :, None], "sr": np.full((1, len(x)), RATE, np.int64)}
