using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Whether the tensors of a state go into a model.</summary>
internal static class StateComparison
{
    /// <summary>What does not fit, a phrase each.</summary>
    /// <param name="own">The model's tensors.</param>
    /// <param name="given">The state's.</param>
    /// <param name="mayBeMissing">Which of the model's tensors the state need not have.</param>
    /// <param name="mayBeNew">Which of the state's tensors the model need not have.</param>
    public static string[] Problems(
        IReadOnlyDictionary<string, Tensor> own, IReadOnlyDictionary<string, Tensor> given, Predicate<string> mayBeMissing, Predicate<string> mayBeNew) =>
    [
        .. own.Keys.Where(name => !given.ContainsKey(name) && !mayBeMissing(name)).Select(name => $"'{name}' is missing"),
        .. given.Keys.Where(name => !own.ContainsKey(name) && !mayBeNew(name)).Select(name => $"'{name}' is unknown"),
        .. given.Where(entry => own.TryGetValue(entry.Key, out Tensor? mine) && !mine.shape.AsSpan().SequenceEqual(entry.Value.shape))
            .Select(entry => $"'{entry.Key}' has shape [{string.Join(", ", entry.Value.shape)}] instead of [{string.Join(", ", own[entry.Key].shape)}]"),
    ];
}
