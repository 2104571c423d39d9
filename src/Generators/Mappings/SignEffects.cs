namespace QuantGen.Generators.Mappings;

/// <summary>What an operation does to the sign of what it is given; a greater one promises more.</summary>
internal enum SignEffect
{
    /// <summary>The result may be negative.</summary>
    Loses,

    /// <summary>The result is not negative where the input is not.</summary>
    Preserves,

    /// <summary>The result is never negative.</summary>
    Establishes,
}

/// <summary>What layers, functions and methods of tensors do to signs; those that are not here may give anything.</summary>
internal static class SignEffects
{
    private static readonly HashSet<string> s_establishingModules = ["Hardsigmoid", "ReLU", "ReLU6", "Sigmoid", "Softmax", "Softmax2d", "Softplus"];

    // Activations among them map what is not negative to what is not.
    private static readonly HashSet<string> s_preservingModules =
    [
        "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d",
        "AvgPool1d", "AvgPool2d", "AvgPool3d", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "ELU", "Flatten", "GELU", "Hardswish",
        "Identity", "LeakyReLU", "MaxPool1d", "MaxPool2d", "MaxPool3d", "Mish", "PixelShuffle", "PReLU", "SiLU", "Tanh", "Unflatten",
    ];

    // Without the underscore of the forms in place.
    private static readonly HashSet<string> s_establishing =
    [
        "abs", "exp", "hardsigmoid", "ones", "ones_like", "rand", "rand_like", "relu", "relu6", "sigmoid", "softmax", "softplus", "sqrt", "square",
        "zeros", "zeros_like",
    ];

    private static readonly HashSet<string> s_preserving =
    [
        "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d", "alias",
        "avg_pool1d", "avg_pool2d", "avg_pool3d", "clone", "contiguous", "cpu", "cuda", "detach", "DetachFromDisposeScope", "dropout", "dropout1d",
        "dropout2d", "dropout3d", "elu", "expand", "expand_as", "flatten", "flip", "gelu", "hardswish", "leaky_relu", "max_pool1d", "max_pool2d",
        "max_pool3d", "mean", "movedim", "MoveToOuterDisposeScope", "mT", "narrow", "permute", "pixel_shuffle", "repeat", "reshape", "roll", "select",
        "silu", "squeeze", "sum", "swapaxes", "swapdims", "t", "T", "tanh", "tile", "to", "transpose", "type_as", "unflatten", "unsqueeze", "view", "view_as",
    ];

    private static readonly HashSet<string> s_combining =
        ["add", "bmm", "cat", "concat", "concatenate", "div", "hstack", "matmul", "maximum", "minimum", "mm", "mul", "mv", "stack", "vstack"];

    /// <summary>Of a type of <c>TorchSharp.Modules</c>.</summary>
    public static SignEffect OfModule(string name)
        => s_establishingModules.Contains(name) ? SignEffect.Establishes : s_preservingModules.Contains(name) ? SignEffect.Preserves : SignEffect.Loses;

    /// <summary>Of a function of torch, or a method or property of a tensor, as to its first operand.</summary>
    public static SignEffect OfFunction(string name)
        => s_establishing.Contains(name.TrimEnd('_')) ? SignEffect.Establishes : s_preserving.Contains(name.TrimEnd('_')) ? SignEffect.Preserves : SignEffect.Loses;

    /// <summary>Whether the result of a function is not negative where none of its operands is.</summary>
    public static bool Combines(string name) => s_combining.Contains(name.TrimEnd('_'));

    /// <summary>Whether a function cuts off what is below a number.</summary>
    public static bool Clamps(string name) => name.TrimEnd('_') is "clamp" or "clamp_min" or "clip";
}
