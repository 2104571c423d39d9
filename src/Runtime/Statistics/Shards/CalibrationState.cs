using QuantGen.Statistics;
using QuantGen.Statistics.Shards;

namespace QuantGen;

/// <summary>
/// What calibration collected of a model's quantizers, without the model: to apply methods to, on any model with the same quantizers; to save, to load,
/// and to merge exactly with what other machines collected, in any order and grouping. Immutable.
/// </summary>
/// <remarks>
/// <see cref="Calibration.Collect{T}"/> gives one, <see cref="Calibration.Apply"/> takes one. Methods that depend on the order of batches (the moving average)
/// need statistics that
/// were never saved or merged. The statistics of a calibrator of one's own can be applied, but
/// neither saved nor merged; that calibrator answers itself, so that they are gone when it collects anew.
/// </remarks>
public sealed class CalibrationState
{
    private readonly SortedDictionary<string, TensorStatistics> _quantizers;

    internal CalibrationState(IEnumerable<KeyValuePair<string, TensorStatistics>> quantizers, long batches)
        => (_quantizers, Batches) = (new(quantizers.ToDictionary(), StringComparer.Ordinal), batches);

    /// <summary>The number of batches seen, on all machines together.</summary>
    public long Batches { get; }

    /// <summary>The names of the quantizers, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names => _quantizers.Keys;

    internal IReadOnlyDictionary<string, TensorStatistics> Quantizers => _quantizers;

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, cut off, of another kind or of another version.</exception>
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
    /// <exception cref="InvalidDataException">The bytes are damaged, cut off, of another kind or of another version.</exception>
    public static CalibrationState FromBytes(ReadOnlySpan<byte> bytes) => CalibrationStateFormat.Read(bytes);

    /// <summary>The statistics of all batches of several states: exactly those that one machine would have collected.</summary>
    /// <param name="states">States of the same model, at least one, in any order.</param>
    /// <exception cref="ArgumentException">No state, states of models with other quantizers, or statistics of a calibrator of one's own.</exception>
    public static CalibrationState Merge(params IEnumerable<CalibrationState> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        CalibrationState[] all = [.. states];
        return all.Length == 0 ? throw new ArgumentException("There is no state to merge.", nameof(states)) : all.Aggregate(Merge);
    }

    /// <summary>Writes a file, by way of a temporary one beside it, so that there never is half a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="InvalidOperationException">A quantizer was collected by a calibrator of one's own.</exception>
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
    /// <exception cref="InvalidOperationException">A quantizer was collected by a calibrator of one's own.</exception>
    public byte[] ToBytes() => CalibrationStateFormat.Write(this);

    /// <summary>Compares names, so that statistics never meet the quantizers of another model.</summary>
    /// <exception cref="ArgumentException">Other names; the message has some of them.</exception>
    internal static void RequireSame(IEnumerable<string> first, IEnumerable<string> second, string firstName, string secondName)
    {
        string[] onlyFirst = [.. first.Except(second)], onlySecond = [.. second.Except(first)];
        if (onlyFirst.Length + onlySecond.Length > 0)
        {
            throw new ArgumentException(
                $"These are statistics of different models: {Listed(onlyFirst, firstName)}{(onlyFirst.Length * onlySecond.Length > 0 ? "; " : "")}{Listed(onlySecond, secondName)}.");
        }

        static string Listed(string[] names, string owner)
            => names.Length == 0 ? "" : $"only {owner} has '{string.Join("', '", names.Take(3))}'{(names.Length > 3 ? " and more" : "")}";
    }

    private static CalibrationState Merge(CalibrationState first, CalibrationState second)
    {
        RequireSame(first.Names, second.Names, "one state", "another");
        return new(first._quantizers.Select(entry => KeyValuePair.Create(entry.Key, Merge(entry.Key, entry.Value, second._quantizers[entry.Key]))), first.Batches + second.Batches);
    }

    private static TensorStatistics Merge(string name, TensorStatistics first, TensorStatistics second)
    {
        try
        {
            return first.MergedWith(second) with { SawNotFinite = first.SawNotFinite || second.SawNotFinite };
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Quantizer '{name}' cannot be merged: {e.Message}", e);
        }
    }
}
