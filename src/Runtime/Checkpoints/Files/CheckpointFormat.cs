namespace QuantGen;

/// <summary>The kinds of checkpoints.</summary>
public enum CheckpointFormat
{
    /// <summary>TorchSharp's own, which <c>Module.save</c> writes.</summary>
    TorchSharp,

    /// <summary>A safetensors file: a header in JSON, then the values.</summary>
    Safetensors,

    /// <summary>A JSON file that names the files over which a model is spread.</summary>
    ShardIndex,

    /// <summary>What <c>torch.save</c> writes since PyTorch 1.6: a zip archive.</summary>
    PyTorch,

    /// <summary>What <c>torch.save</c> wrote before: one pickle after the other.</summary>
    PyTorchLegacy,
}
