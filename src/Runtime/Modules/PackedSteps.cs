using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace QuantGen.Modules;

/// <summary>A packed sequence as steps: step t holds the sequences that are longer than t, the longest first.</summary>
/// <param name="Steps">The inputs of each step, [active, features].</param>
/// <param name="Batch">The number of sequences.</param>
/// <param name="Order">Which sequence of the batch is the longest, and so on; null where they were sorted before.</param>
/// <param name="Inverse">Where each sequence of the batch is among the sorted ones; null where they were sorted before.</param>
internal sealed record PackedSteps(Tensor[] Steps, long Batch, Tensor? Order, Tensor? Inverse)
{
    /// <summary>The steps of a packed sequence. The sizes of steps always are on the CPU, so that reading them waits for no device.</summary>
    public static PackedSteps Of(PackedSequence packed)
    {
        long[] sizes = packed.batch_sizes.data<long>().ToArray();
        return new(packed.data.split(sizes, 0), sizes[0], Given(packed.sorted_indices), Given(packed.unsorted_indices));
    }

    /// <summary>States [layers, batch, features] in the order of the steps.</summary>
    public Tensor Sort(Tensor state) => Order is null ? state : state.index_select(1, Order);

    /// <summary>States [layers, batch, features] in the order of the batch.</summary>
    public Tensor Unsort(Tensor state) => Inverse is null ? state : state.index_select(1, Inverse);

    /// <summary>Outputs of all steps below each other, as outputs of each step.</summary>
    public (Tensor[] Outputs, Tensor H, Tensor C) Split((Tensor Output, Tensor H, Tensor C) results)
        => (results.Output.split([.. Steps.Select(step => step.shape[0])], 0), results.H, results.C);

    /// <summary>Outputs of the steps as a packed sequence, in the order of this one.</summary>
    public PackedSequence Pack(IReadOnlyList<Tensor> outputs)
    {
        // TorchSharp has no way to make a packed sequence from its parts, so it goes through a padded one. Packing takes lengths on the CPU, wherever the data
        // is.
        Tensor padded = stack(outputs.Select(output => nn.functional.pad(output, [0, 0, 0, Batch - output.shape[0]])), 0);
        Tensor lengths = tensor(Enumerable.Range(0, (int)Batch).Select(i => Steps.LongCount(step => step.shape[0] > i)).ToArray());
        return Inverse is null
            ? pack_padded_sequence(padded, lengths)
            : pack_padded_sequence(padded.index_select(1, Inverse), lengths.index_select(0, Inverse.cpu()), enforce_sorted: false);
    }

    private static Tensor? Given(Tensor? indices) => indices is null || indices.IsInvalid || indices.numel() == 0 ? null : indices;
}
