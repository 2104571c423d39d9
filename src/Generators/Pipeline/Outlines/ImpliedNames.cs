namespace QuantGen.Generators.Pipeline.Outlines;

/// <summary>Names that code can depend on without having them in its text.</summary>
internal static class ImpliedNames
{
    // The compiler looks for these by pattern: foreach, using, await, initialisers, deconstruction, ranges, queries, interpolation.
    private static readonly HashSet<string> s_patterns =
    [
        "GetEnumerator", "GetAsyncEnumerator", "MoveNext", "MoveNextAsync", "Current", "Dispose", "DisposeAsync",
        "GetAwaiter", "IsCompleted", "GetResult", "OnCompleted", "UnsafeOnCompleted", "Add", "Create", "Deconstruct", "Count", "Length", "Slice", "Substring",
        "Invoke", "GetPinnableReference", "EnterScope",
        "Cast", "Select", "SelectMany", "Where", "Join", "GroupJoin", "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "GroupBy",
        "AppendLiteral", "AppendFormatted", "ToStringAndClear", "ToString", "Equals", "GetHashCode",
    ];

    public static bool IsOfPattern(string name) => s_patterns.Contains(name);

    /// <summary>Whether the generator looks for it in the user's code: a type of the runtime, or a name that it gives.</summary>
    public static bool IsOfGenerator(string name)
        => name is "NumBits" or "CalibrationMethod" or "ITraceable"
            || name.StartsWith("Trace", StringComparison.Ordinal)
            || name.IndexOf("quant", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>Whether what a namespace of this name declares can stand for something of a library.</summary>
    public static bool IsNamespace(string name) => name is "System" or "TorchSharp" or "QuantGen";
}
