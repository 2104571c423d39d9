namespace QuantGen;

/// <summary>A tensor that has another name in the model than in the file.</summary>
/// <param name="File">Its name in the file.</param>
/// <param name="Model">Its name in the model.</param>
public sealed record RenamedWeight(string File, string Model);
