"""Writes the checkpoints that tests read, with PyTorch itself.

    /usr/bin/python3 make_fixtures.py        # Debian's python3-torch 1.13

The files are checked in; running this again changes no value.
"""
import argparse
import collections
import json
import os
import pathlib
import struct

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
DTYPES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
}


def save_safetensors(tensors, path, metadata=None):
    """The format by its description: length, header, values."""
    header, values = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in tensors.items():
        tensor = tensor.detach().contiguous()
        raw = bytes(tensor.reshape(-1).view(torch.uint8).tolist()) if tensor.dtype != torch.bool else bytes(tensor.reshape(-1).to(torch.uint8).tolist())
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(values), len(values) + len(raw)]}
        values += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (HERE / path).write_bytes(struct.pack("<Q", len(text)) + text + values)


def kinds():
    """Every type, and every way in which a tensor can lie in its storage."""
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    state = collections.OrderedDict()
    for dtype in DTYPES:
        state[str(dtype).split(".")[1]] = (torch.arange(5) - (0 if dtype in (torch.uint8, torch.bool) else 2)).to(dtype)
    state["scalar"] = torch.tensor(7)
    state["empty"] = torch.empty(0, 3)
    state["transposed"] = base.t()
    state["slice"] = base[1:3, 2:5]
    state["whole"] = base
    state["every_second"] = base.reshape(-1)[1::2]
    state["channels_last"] = torch.arange(24, dtype=torch.float32).reshape(1, 2, 3, 4).to(memory_format=torch.channels_last)
    state["expanded"] = torch.tensor([[3.0]]).expand(2, 3)
    state["parameter"] = nn.Parameter(torch.tensor([1.5, -2.5]))
    return state


class Block(nn.Module):
    def __init__(self, channels, planes, stride, downsample):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    """The layers of ResNet-18, with few channels."""

    def __init__(self, widths=(8, 16, 24, 32), classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        channels = widths[0]
        for i, width in enumerate(widths):
            blocks = []
            for j in range(2):
                stride = 2 if i > 0 and j == 0 else 1
                downsample = None
                if stride != 1 or channels != width:
                    downsample = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))
                blocks.append(Block(channels, width, stride, downsample))
                channels = width
            setattr(self, f"layer{i + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 2)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


def resnet():
    torch.manual_seed(18)
    model = ResNet18()
    with torch.no_grad():
        for _ in range(8):
            model(torch.rand(16, 3, 32, 32))
    model.eval()
    torch.save({"epoch": 8, "model": nn.DataParallel(model).state_dict(), "lr": 0.1}, HERE / "resnet18.pth")
    images = torch.rand(8, 3, 32, 32)
    with torch.no_grad():
        save_safetensors({"images": images, "logits": model(images)}, "resnet18_expected.safetensors")


def nvidia():
    """What pytorch-quantization saves of the network of e2e_resnet.json, calibrated by entropy."""
    case = json.loads((HERE.parent / "golden" / "e2e_resnet.json").read_text())["cases"][0]

    def tensor(value):
        return torch.tensor(value["data"], dtype=getattr(torch, value["dtype"])).reshape(value["shape"])

    method = next(method for method in case["methods"] if method["name"] == "entropy")
    state = collections.OrderedDict((name, tensor(value)) for name, value in case["state_dict"].items())
    for name, amax in method["amax"].items():
        state[f"{name}._amax"] = tensor(amax)
    torch.save(state, HERE / "nvidia_resnet.pth")
    save_safetensors(state, "nvidia_resnet.safetensors", {"format": "pt"})


class Shell:
    def __reduce__(self):
        return os.system, ("echo this must not run",)


def main():
    os.chdir(HERE)
    state = kinds()
    torch.save(state, "kinds.pth")
    torch.save(state, "kinds_legacy.pth", _use_new_zipfile_serialization=False)
    for protocol in (3, 4, 5):
        torch.save(state, f"kinds_protocol{protocol}.pth", pickle_protocol=protocol)
    torch.save(state, "kinds_legacy_protocol4.pth", _use_new_zipfile_serialization=False, pickle_protocol=4)
    save_safetensors(state, "kinds.safetensors", {"format": "pt", "comment": "every type"})

    torch.manual_seed(1)
    net, averaged = nn.Linear(3, 2), nn.Linear(3, 2)
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.rand(4, 3)).sum().backward()
    optimizer.step()
    torch.save({"epoch": 3, "model": net.state_dict(), "ema": averaged.state_dict(), "optimizer": optimizer.state_dict()}, "nested.pth")

    torch.save({"model": net.state_dict(), "args": argparse.Namespace(lr=0.1)}, "arguments.pth")
    torch.save({"weight": torch.ones(2), "harm": Shell()}, "harm.pth")
    torch.jit.save(torch.jit.script(net), "script.pt")
    torch.save({"values": torch.ones(2, dtype=torch.complex64)}, "complex.pth")
    resnet()
    nvidia()


if __name__ == "__main__":
    main()
