"""A tagger on two bidirectional LSTM layers."""
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self, words=10000, tags=17):
        super().__init__()
        self.embedding = nn.Embedding(words, 128)
        self.lstm = nn.LSTM(128, 256, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(512, tags)

    def forward(self, words):
        return self.head(self.lstm(self.embedding(words))[0])


def tagger(path):
    torch.onnx.export(
        Tagger().eval(), torch.zeros(1, 20, dtype=torch.long), path, opset_version=17,
        input_names=["words"], output_names=["tags"],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in ("words", "tags")})


NETWORKS = {"lstm_tagger": tagger}
