using QuantGen.Checkpoints.Files;
using QuantGen.Quantizers;
using QuantGen.Quantizers.State;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Checkpoints;

/// <summary>
/// A file on its way into a model. Names, shapes and kinds are compared before any value is read, so that no more is read than the model has places for; and
/// all is read and looked at before the first value is copied.
/// </summary>
internal sealed class FileLoading
{
    private readonly Module _model;
    private readonly Checkpoint _file;
    private readonly ModelNames _names;
    private readonly Dictionary<string, string> _places;
    private readonly List<IgnoredWeight> _ignored;
    private readonly NameMatching _matching;
    private readonly bool _ownsRanges;

    private FileLoading(Module model, Checkpoint file, WeightNames names, bool ownsRanges)
    {
        (_model, _file, _names, _ownsRanges) = (model, file, new(model), ownsRanges);
        _matching = NameMatching.Run([.. file.Tensors.Select(tensor => tensor.Name)], _names, names);
        (_places, _ignored) = (_matching.Places.ToDictionary(), [.. _matching.Ignored]);
    }

    /// <summary>
    /// Loads weights: ranges of quantizers come along where the model has a quantizer of that name and format, and stay as they are elsewhere.
    /// </summary>
    public static WeightReport Weights(Module model, string path, WeightLoadOptions options)
    {
        using var scope = NewDisposeScope();
        using Checkpoint file = Checkpoint.Open(path, options.Container);
        FileLoading loading = new(model, file, options.Names, ownsRanges: false);
        loading.LeaveOtherFormats();
        return loading.Run(options.Partial, out _);
    }

    /// <summary>Loads a state: ranges too have to fit.</summary>
    public static WeightReport State(Module model, string path, WeightLoadOptions options, out StateTransfer transfer)
    {
        using var scope = NewDisposeScope();
        using Checkpoint file = Checkpoint.Open(path, options.Container);
        return new FileLoading(model, file, options.Names, ownsRanges: true).Run(options.Partial, out transfer);
    }

    private WeightReport Run(bool isPartial, out StateTransfer transfer)
    {
        MisfittingWeight[] misfitting = [.. _places.Select(entry => (entry.Key, Problem: Problem(entry.Key, _file.Stored[entry.Value])))
            .Where(entry => entry.Problem is not null).Select(entry => new MisfittingWeight(entry.Key, entry.Problem!))];
        HashSet<string> wrong = [.. misfitting.Select(weight => weight.Name)];
        string[] loaded = [.. _places.Keys.Where(name => !wrong.Contains(name))];
        WeightReport report = new()
        {
            Path = _file.Path,
            Format = _file.Format,
            Container = _file.Container,
            OtherContainers = _file.OtherContainers,
            Loaded = loaded,
            Renamed = [.. loaded.Where(name => _places[name] != name).Select(name => new RenamedWeight(_places[name], name))],
            Ignored = _ignored,
            Missing = [.. _names.State.Keys.Where(name => !_places.ContainsKey(name) && !MayBeMissing(name))],
            Unexpected =
            [
                .. _matching.Unexpected,
                .. _ownsRanges ? _ignored.Where(weight => weight.Reason == IgnoredWeight.NoQuantizer).Select(weight => weight.Name) : [],
            ],
            Misfitting = misfitting,
        };
        if (isPartial ? loaded.Length == 0 : !report.IsComplete)
        {
            throw new WeightMismatchException(_model.GetName(), report with { Loaded = [], Renamed = [] }, _names.All, _file.Stored.Keys);
        }

        transfer = new(_model, loaded.ToDictionary(name => name, name => Value(name, _file.Stored[_places[name]])));
        try
        {
            transfer.RequireFit([]);
        }
        catch (ArgumentException e)
        {
            throw new WeightMismatchException($"'{_file.Path}': {e.Message}", report with { Loaded = [], Renamed = [] });
        }

        transfer.Run();
        return report;
    }

    // Files of PyTorch before 0.4.1 have no counters, and start at 0 there too. What quantizers keep is not a weight.
    private bool MayBeMissing(string name)
        => name.EndsWith("num_batches_tracked", StringComparison.Ordinal) || (!_ownsRanges && _names.Ranges.Contains(name));

    private string? Problem(string name, StoredTensor stored)
    {
        if (!_names.State.TryGetValue(name, out Tensor? mine))
        {
            // A range that comes into being has to be as small as the model; its quantizer says later what shape it can have.
            long most = _names.State.Values.Max(tensor => (long?)tensor.NumberOfElements) ?? 1;
            return stored.Count <= Math.Max(most, 1) ? null : $"has shape {TensorShape.Text(stored.Shape)}, which is larger than any tensor of the model";
        }

        if (!mine.shape.AsSpan().SequenceEqual(stored.Shape) && !(IsNumber(mine.shape) && IsNumber(stored.Shape)))
        {
            return $"has shape {TensorShape.Text(stored.Shape)} instead of {TensorShape.Text(mine.shape)}";
        }

        bool isFloat = stored.Type.Loaded is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;
        return mine.is_floating_point() == isFloat ? null : $"is {stored.Type.Name} in the file, and {mine.dtype} in the model";
    }

    // Scalars were vectors of one element before PyTorch 0.4, and PyTorch still reads them so.
    private static bool IsNumber(long[] shape) => shape is [] or [1];

    private Tensor Value(string name, StoredTensor stored)
        => _names.State.TryGetValue(name, out Tensor? mine) ? stored.Load().reshape(mine.shape) : stored.Load();

    private void LeaveOtherFormats()
    {
        foreach ((string name, TensorQuantizer quantizer) in _names.Quantizers)
        {
            string key = QuantizersByName.Key(name, "_format");
            if (!_places.TryGetValue(key, out string? format) || _file.Stored[format].Count > 1024)
            {
                continue;
            }

            using Tensor saved = _file.Stored[format].Load();
            if (SavedFormat.Problem(saved, quantizer.Format) is { } problem)
            {
                foreach (string range in TensorQuantizer.LateState.Concat(TensorQuantizer.BoundsState).Select(range => QuantizersByName.Key(name, range)))
                {
                    if (_places.Remove(range, out string? left))
                    {
                        _ignored.Add(new(left, problem));
                    }
                }
            }
        }
    }
}
