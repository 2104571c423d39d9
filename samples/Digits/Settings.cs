namespace Digits;

/// <summary>What the command line says.</summary>
/// <param name="Seed">The seed of all random numbers.</param>
/// <param name="Epochs">Training passes over the data.</param>
/// <param name="Output">The folder for models and results.</param>
internal sealed record Settings(int Seed, int Epochs, string Output);
