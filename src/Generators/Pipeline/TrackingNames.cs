namespace QuantGen.Generators.Pipeline;

/// <summary>The names of the pipeline's steps, by which tests see what was run again.</summary>
internal static class TrackingNames
{
    public const string Parse = nameof(Parse);
    public const string Models = nameof(Models);
    public const string Options = nameof(Options);
    public const string Clashes = nameof(Clashes);
    public const string Output = nameof(Output);
}
