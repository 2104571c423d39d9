namespace QuantGen;

/// <summary>
/// The statistics of a model's quantizers without the model: collected on many machines, saved, loaded and merged exactly, in any order and grouping.
/// Immutable.
/// </summary>
/// <remarks>Methods that depend on the order of batches (the moving average) need statistics that were never saved or merged.</remarks>
public sealed class CalibrationState
{
    private readonly SortedDictionary<string, QuantizerStatistics> _quantizers;

    internal CalibrationState(SortedDictionary<string, QuantizerStatistics> quantizers, long batches) => (_quantizers, Batches) = (quantizers, batches);

    /// <summary>The number of batches seen, on all machines together.</summary>
    public long Batches { get; }

    /// <summary>The names of the quantizers, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names => _quantizers.Keys;

    internal IReadOnlyDictionary<string, QuantizerStatistics> Quantizers => _quantizers;

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, cut off, of another kind or of a later version.</exception>
    public static CalibrationState Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return FromBytes(File.ReadAllBytes(path));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}' cannot be read as a calibration state: {e.Message}", e);
        }
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">All of it.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, cut off, of another kind or of a later version.</exception>
    public static CalibrationState FromBytes(ReadOnlySpan<byte> bytes) => CalibrationStateFormat.Read(bytes);

    /// <summary>The statistics of all batches of several states: exactly those that one machine would have collected.</summary>
    /// <param name="states">States of the same model, at least one, in any order.</param>
    /// <exception cref="ArgumentException">No state, or states of models with other quantizers.</exception>
    public static CalibrationState Merge(params IEnumerable<CalibrationState> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        CalibrationState[] all = [.. states];
        return all.Length == 0 ? throw new ArgumentException("There is no state to merge.", nameof(states)) : all.Aggregate(Merge);
    }

    /// <summary>Writes a file, by way of a temporary one beside it, so that there never is half a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string temporary = path + "." + Guid.NewGuid().ToString("N") + ".tmp";
        try
        {
            File.WriteAllBytes(temporary, ToBytes());
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The content of a file, to send instead. Equal statistics give equal bytes.</summary>
    public byte[] ToBytes() => CalibrationStateFormat.Write(this);

    /// <summary>The statistics as if they had been collected with this model, to apply methods to.</summary>
    /// <param name="model">A model with the quantizers that the state has.</param>
    /// <exception cref="ArgumentException">The model has other quantizers, or other axes.</exception>
    public CollectedStatistics For(TorchSharp.torch.nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        IReadOnlyList<CollectedQuantizer> quantizers = CollectingState.Prepare(model, Histogram.DefaultBins);
        RequireSame(quantizers.Select(quantizer => quantizer.Name), Names, "the model", "the state");
        return new([.. quantizers.Select(quantizer => _quantizers[quantizer.Name].For(quantizer))], checked((int)Batches));
    }

    internal static CalibrationState Of(IEnumerable<CollectedQuantizer> quantizers, long batches)
        => new(new(quantizers.ToDictionary(collected => collected.Name, QuantizerStatistics.Of), StringComparer.Ordinal), batches);

    private static CalibrationState Merge(CalibrationState first, CalibrationState second)
    {
        RequireSame(first.Names, second.Names, "one state", "another");
        SortedDictionary<string, QuantizerStatistics> merged = new(StringComparer.Ordinal);
        foreach ((string name, QuantizerStatistics statistics) in first._quantizers)
        {
            try
            {
                merged.Add(name, statistics.MergedWith(second._quantizers[name]));
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"Quantizer '{name}' cannot be merged: {e.Message}", e);
            }
        }

        return new(merged, first.Batches + second.Batches);
    }

    private static void RequireSame(IEnumerable<string> first, IEnumerable<string> second, string firstName, string secondName)
    {
        string[] onlyFirst = [.. first.Except(second)], onlySecond = [.. second.Except(first)];
        if (onlyFirst.Length + onlySecond.Length > 0)
        {
            throw new ArgumentException(
                $"These are statistics of different models: {Listed(onlyFirst, firstName)}{(onlyFirst.Length * onlySecond.Length > 0 ? "; " : "")}{Listed(onlySecond, secondName)}.");
        }

        static string Listed(string[] names, string owner) => names.Length == 0 ? "" : $"only {owner} has '{string.Join("', '", names.Take(3))}'{(names.Length > 3 ? " and more" : "")}";
    }
}
