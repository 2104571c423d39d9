using QuantGen.Checkpoints.Files;
using QuantGen.Checkpoints.Pickle;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>The names that a state dict of PyTorch has: tensors, parameters, storages, sizes, devices, types and ordered dictionaries.</summary>
internal sealed class TorchGlobals : IPickleGlobals
{
    private static readonly HashSet<PickleGlobal> s_untyped =
    [
        new("torch.storage", "UntypedStorage"), new("torch.storage", "_UntypedStorage"), new("torch.storage", "TypedStorage"), new("torch", "UntypedStorage"),
    ];

    private static readonly Dictionary<PickleGlobal, ElementType> s_storages
        = ElementType.All.Where(type => type.Storage is not null).ToDictionary(type => new PickleGlobal("torch", type.Storage!));

    private static readonly Dictionary<PickleGlobal, ElementType> s_types = ElementType.All.ToDictionary(type => new PickleGlobal("torch", type.Name));

    private static readonly Dictionary<PickleGlobal, Func<object?[], object?>> s_calls = new()
    {
        [new("collections", "OrderedDict")] = Dictionary,
        [new("torch._utils", "_rebuild_tensor")] = arguments => Tensor(arguments, null),
        [new("torch._utils", "_rebuild_tensor_v2")] = arguments => Tensor(arguments, null),
        [new("torch._utils", "_rebuild_tensor_v3")] = arguments => Tensor(arguments, TypeOf(Argument(arguments, 6))),
        [new("torch._utils", "_rebuild_parameter")] = Parameter,
        [new("torch._utils", "_rebuild_parameter_with_state")] = Parameter,
        [new("torch", "Size")] = arguments => Argument(arguments, 0) as PickleTuple ?? throw new FormatException("a size is no tuple"),
        [new("torch", "device")] = _ => null,
    };

    /// <summary>The storages that were named, by their keys, each with the types that it was named with.</summary>
    public Dictionary<string, TorchStorage> Storages { get; } = [];

    /// <inheritdoc/>
    public bool Knows(PickleGlobal global)
        => s_calls.ContainsKey(global) || s_storages.ContainsKey(global) || s_types.ContainsKey(global) || s_untyped.Contains(global);

    /// <inheritdoc/>
    public object? Call(PickleGlobal global, object?[] arguments)
        => s_calls.TryGetValue(global, out Func<object?[], object?>? call) ? call(arguments) : throw new FormatException($"'{global}' is called");

    /// <inheritdoc/>
    public object? Persistent(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long count, .. var rest] })
        {
            throw new FormatException("what is kept outside of the pickle is no storage");
        }

        if (rest is [not null, ..])
        {
            throw new NotSupportedException("a view of a storage, as PyTorch wrote before 0.4");
        }

        if (!s_storages.TryGetValue(type, out ElementType? element) && !s_untyped.Contains(type))
        {
            throw new FormatException($"'{type}' is no storage");
        }

        TorchStorage storage = new(key, element, count);
        if (Storages.TryAdd(key, storage) || Storages[key] == storage)
        {
            return storage;
        }

        throw new FormatException($"the storage {CheckpointException.Quote(key)} has two types or lengths");
    }

    // Of nothing, of pairs, or of another dictionary.
    private static PickleDictionary Dictionary(object?[] arguments)
    {
        if (arguments is [PickleDictionary other])
        {
            return other;
        }

        PickleDictionary dictionary = new();
        foreach (object? pair in arguments is [] ? [] : Items(arguments is [var pairs] ? pairs : null))
        {
            object?[] items = Items(pair);
            dictionary.Set(Argument(items, 0), Argument(items, 1));
        }

        return dictionary;
    }

    private static object?[] Items(object? value) => value switch
    {
        PickleTuple tuple => tuple.Items,
        PickleList list => [.. list.Items],
        _ => throw new FormatException("an ordered dictionary is made of something else than pairs"),
    };

    private static TorchTensor Tensor(object?[] arguments, ElementType? type)
    {
        TorchStorage storage = Argument(arguments, 0) as TorchStorage ?? throw new FormatException("a tensor has no storage");
        long offset = Argument(arguments, 1) as long? ?? throw new FormatException("the offset of a tensor is no integer");
        (long[] shape, long[] strides) = (Numbers(Argument(arguments, 2)), Numbers(Argument(arguments, 3)));
        return new(storage, type ?? storage.Type ?? throw new FormatException("a storage of bytes does not say its type"), offset, shape, strides);
    }

    private static TorchTensor Parameter(object?[] arguments) => Argument(arguments, 0) as TorchTensor ?? throw new FormatException("a parameter is no tensor");

    private static ElementType TypeOf(object? value)
        => value is PickleGlobal global && s_types.TryGetValue(global, out ElementType? type)
            ? type
            : throw new FormatException("the type of a tensor is none");

    private static object? Argument(object?[] arguments, int index)
        => index < arguments.Length ? arguments[index] : throw new FormatException("an argument is missing");

    private static long[] Numbers(object? value)
        => value is PickleTuple { Items: var items } && Array.TrueForAll(items, item => item is long)
            ? [.. items.Cast<long>()]
            : throw new FormatException("the shape or the strides of a tensor are no integers");
}
