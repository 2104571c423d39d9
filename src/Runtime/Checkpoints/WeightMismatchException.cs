using QuantGen.Checkpoints;

namespace QuantGen;

/// <summary>A file whose tensors do not fit a model. The message lists what does not, with the nearest names; nothing has changed.</summary>
public sealed class WeightMismatchException : ArgumentException
{
    private const int MostListed = 20;

    internal WeightMismatchException(string model, WeightReport report, IEnumerable<string> modelNames, IEnumerable<string> fileNames)
        : base(Text(model, report, [.. modelNames], [.. fileNames])) => Report = report;

    internal WeightMismatchException(string message, WeightReport report)
        : base(message) => Report = report;

    /// <summary>All names that do not fit.</summary>
    public WeightReport Report { get; }

    private static string Text(string model, WeightReport report, string[] modelNames, string[] fileNames)
    {
        // What one side misses is often what the other has under another name, so that these are looked at first.
        string[] problems =
        [
            .. Listed(report.Missing, name => $"'{name}' is missing{NearestNames.Hint(name, [.. report.Unexpected, .. fileNames], "the file has")}"),
            .. Listed(
                report.Unexpected,
                name => $"{CheckpointException.Quote(name)} is unknown{NearestNames.Hint(name, [.. report.Missing, .. modelNames], "the model has")}"),
            .. Listed(report.Misfitting, weight => $"'{weight.Name}' {weight.Problem}"),
        ];
        string others = report.OtherContainers.Count == 0
            ? ""
            : $" The file has weights under {string.Join(", ", report.OtherContainers.Select(key => $"'{key}'"))} too.";
        return $"'{report.Path}' does not fit {model}: {string.Join("; ", problems)}. Nothing was loaded.{others} "
            + "WeightLoadOptions.Names takes rules for names, and Partial loads what fits.";
    }

    private static IEnumerable<string> Listed<T>(IReadOnlyList<T> items, Func<T, string> text)
        => items.Take(MostListed).Select(text).Concat(items.Count > MostListed ? [$"and {items.Count - MostListed} more like that"] : []);
}
