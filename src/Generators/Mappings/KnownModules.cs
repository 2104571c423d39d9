using System.Collections.Immutable;

namespace QuantGen.Generators.Mappings;

/// <summary>A module of TorchSharp that has a quantized counterpart: <c>Conv2d</c> has <c>QuantConv2d</c>.</summary>
/// <param name="Name">The name of the type and of its factory in <c>torch.nn</c>.</param>
/// <param name="HasWeight">Whether it has a quantized weight as well as a quantized input.</param>
/// <param name="Transposed">Whether the output channels are on axis 1 of the weight.</param>
/// <param name="OnRequest">Whether it is quantized only where the user's field asks for it.</param>
internal sealed record KnownModule(string Name, bool HasWeight, bool Transposed = false, bool OnRequest = false)
{
    public string QuantName { get; } = "Quant" + Name;
}

/// <summary>Which modules can be quantized. A row takes effect as soon as the runtime has the type that it names.</summary>
internal static class KnownModules
{
    public static readonly ImmutableArray<KnownModule> All =
    [
        new("Conv1d", HasWeight: true),
        new("Conv2d", HasWeight: true),
        new("Conv3d", HasWeight: true),
        new("ConvTranspose1d", HasWeight: true, Transposed: true),
        new("ConvTranspose2d", HasWeight: true, Transposed: true),
        new("ConvTranspose3d", HasWeight: true, Transposed: true),
        new("Linear", HasWeight: true),
        new("LSTM", HasWeight: true),
        new("LSTMCell", HasWeight: true),
        new("AvgPool1d", HasWeight: false),
        new("AvgPool2d", HasWeight: false),
        new("AvgPool3d", HasWeight: false),
        new("AdaptiveAvgPool1d", HasWeight: false),
        new("AdaptiveAvgPool2d", HasWeight: false),
        new("AdaptiveAvgPool3d", HasWeight: false),
        new("InstanceNorm1d", HasWeight: false),
        new("InstanceNorm2d", HasWeight: false),
        new("InstanceNorm3d", HasWeight: false),
        new("MaxPool1d", HasWeight: false, OnRequest: true),
        new("MaxPool2d", HasWeight: false, OnRequest: true),
        new("MaxPool3d", HasWeight: false, OnRequest: true),
    ];
}
