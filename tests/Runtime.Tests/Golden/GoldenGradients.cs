using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

/// <summary>Gradients of a case: runs backward from its <c>grad_…</c> fields and compares what arrives.</summary>
internal static class GoldenGradients
{
    // The order of summation is free in convolutions, sums of gradients and so on.
    public const double Relative = 1e-5;
    public const double Absolute = 1e-6;

    /// <summary>What differs in the gradients of inputs, by name, and of the module's parameters.</summary>
    /// <param name="golden">The case; nothing is compared where it has no gradients.</param>
    /// <param name="module">The module.</param>
    /// <param name="inputs">The inputs, which require gradients.</param>
    /// <param name="outputs">The outputs, with the field of the gradient that flows into each.</param>
    public static IEnumerable<string?> Differences(
        GoldenCase golden, nn.Module module, IReadOnlyDictionary<string, Tensor> inputs, params (Tensor Output, string Gradient)[] outputs)
    {
        if (!golden.Has("grads"))
        {
            yield break;
        }

        Tensor loss = outputs.Where(entry => golden.Has(entry.Gradient))
            .Select(entry => (entry.Output * golden.Tensor(entry.Gradient)).sum()).Aggregate((sum, next) => sum + next);
        loss.backward();
        foreach (var entry in golden.Json.GetProperty("grads").EnumerateObject())
        {
            Tensor? actual = (inputs.TryGetValue(entry.Name, out Tensor? input) ? input : module.get_parameter(entry.Name))?.grad;
            yield return actual is null ? $"no gradient of {entry.Name}"
                : Named($"gradient of {entry.Name}", Compare(actual, GoldenTensor.Read(entry.Value)));
        }
    }

    public static string? Compare(Tensor actual, Tensor expected) => GoldenTensor.Difference(actual, expected, Relative, Absolute);

    public static string? Named(string what, string? difference) => difference is null ? null : $"{what}: {difference}";

    /// <summary>Null where the state dict has the keys of the case.</summary>
    public static string? Keys(GoldenCase golden, nn.Module module)
    {
        if (!golden.Has("state_dict_keys"))
        {
            return null;
        }

        string[] expected = [.. golden.Json.GetProperty("state_dict_keys").EnumerateArray().Select(key => key.GetString()!).Order()];
        string[] actual = [.. module.state_dict().Keys.Order()];
        return actual.SequenceEqual(expected) ? null : $"keys {string.Join(", ", actual)} instead of {string.Join(", ", expected)}";
    }
}
