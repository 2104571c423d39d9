namespace QuantGen;

/// <summary>A calibrator that can go back, so that a batch which fails in the middle of a model leaves no trace in the statistics.</summary>
internal interface IUndoable
{
    /// <summary>Remembers the state.</summary>
    /// <returns>Puts it back.</returns>
    Action Remember();
}
