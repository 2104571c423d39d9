using System.Text;

namespace QuantGen.Generators.Emitting;

/// <summary>
/// Prints what makes TorchSharp's own <c>load</c> and <c>load_state_dict</c> bring the ranges of a calibrated model: TorchSharp refuses buffers that only the
/// file
/// has, or drops them without a word where it is not strict.
/// </summary>
internal static class StateLoadingText
{
    // With full names, since a user's file need not have any of these namespaces, and without annotations, since it need not have a nullable context.
    private static readonly string[] s_lines =
    [
        "#pragma warning disable CS8625, CS8765",
        "    /// <inheritdoc/>",
        "    public override global::TorchSharp.torch.nn.Module load(",
        "        global::System.IO.BinaryReader reader, bool strict = true, global::System.Collections.Generic.IList<string> skip = null,",
        "        global::System.Collections.Generic.Dictionary<string, bool> loadedParameters = null)",
        "        => global::QuantGen.QuantizedState.Load(this, reader, strict, skip, loadedParameters);",
        "",
        "    /// <inheritdoc/>",
        "    public override (global::System.Collections.Generic.IList<string> missing_keys, global::System.Collections.Generic.IList<string> unexpected_keyes) load_state_dict(",
        "        global::System.Collections.Generic.Dictionary<string, global::TorchSharp.torch.Tensor> source, bool strict = true,",
        "        global::System.Collections.Generic.IList<string> skip = null)",
        "        => global::QuantGen.QuantizedState.LoadStateDict(this, source, strict, skip);",
        "",
    ];

    /// <summary>Prints the two members.</summary>
    public static void Print(string indentation, StringBuilder text)
    {
        foreach (string line in s_lines)
        {
            // Directives stand at the start of their line; members at the place of the others.
            text.Append(line.StartsWith("    ", System.StringComparison.Ordinal) ? indentation + line.Substring(4) : line).Append('\n');
        }
    }
}
