namespace QuantGen.Generators.Mappings;

/// <summary>Functions of torch and methods of <c>Tensor</c> that take a tensor for its shape, type or device alone, not for its values.</summary>
internal static class ReferenceTensors
{
    private static readonly HashSet<string> s_creating =
    [
        "empty_like", "full_like", "ones_like", "rand_like", "randint_like", "randn_like", "zeros_like",
        "new_empty", "new_full", "new_ones", "new_tensor", "new_zeros",
    ];

    private static readonly HashSet<string> s_adapting = ["expand_as", "reshape_as", "to", "type_as", "view_as"];

    /// <summary>Whether the result is a new tensor, which has nothing of the values of what was given.</summary>
    public static bool Creates(string name) => s_creating.Contains(name);

    /// <summary>Whether the result has the values of the first tensor alone.</summary>
    public static bool Adapts(string name) => s_adapting.Contains(name);
}
