namespace QuantGen.Checkpoints.Pickle;

/// <summary>What the names in a pickle mean. Nothing else can be named.</summary>
internal interface IPickleGlobals
{
    /// <summary>Whether a name is known.</summary>
    bool Knows(PickleGlobal global);

    /// <summary>The result of a call.</summary>
    /// <exception cref="FormatException">It cannot be called, or not with these arguments.</exception>
    object? Call(PickleGlobal global, object?[] arguments);

    /// <summary>What is kept outside of the pickle under an id.</summary>
    /// <exception cref="FormatException">There is no such thing.</exception>
    object? Persistent(object? id);
}
