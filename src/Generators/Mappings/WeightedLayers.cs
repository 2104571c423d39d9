namespace QuantGen.Generators.Mappings;

/// <summary>What counts as a weighted layer when two branches of an addition are compared: it multiplies by a matrix.</summary>
/// <remarks>Norms, embeddings, activations and pools do not count, whether or not they have parameters.</remarks>
internal static class WeightedLayers
{
    private static readonly HashSet<string> s_modules =
    [
        "Bilinear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d",
        "GRU", "GRUCell", "Linear", "LSTM", "LSTMCell", "MultiheadAttention", "RNN", "RNNCell",
        "Transformer", "TransformerDecoder", "TransformerDecoderLayer", "TransformerEncoder", "TransformerEncoderLayer",
    ];

    private static readonly HashSet<string> s_functions =
    [
        "addbmm", "addmm", "baddbmm", "bilinear", "bmm", "conv1d", "conv2d", "conv3d",
        "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "einsum", "linear", "matmul", "mm", "mv",
        "scaled_dot_product_attention", "tensordot",
    ];

    /// <summary>Whether a type of <c>TorchSharp.Modules</c>, or its factory, is a weighted layer.</summary>
    public static bool IsModule(string name) => s_modules.Contains(name);

    /// <summary>Whether a function of <c>torch</c> or a method of <c>Tensor</c> is a weighted layer.</summary>
    public static bool IsFunction(string name) => s_functions.Contains(name);
}
