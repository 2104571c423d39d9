using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing;

/// <summary>Records <c>x[…]</c>, item by item as torch reads it.</summary>
internal static class TracedIndexing
{
    /// <summary>What stands there.</summary>
    public static TracedTensor Get(TracedTensor tensor, IReadOnlyList<IndexItem> items)
    {
        (TracedTensor current, List<(int Axis, TracedTensor Indices)> tensors) = Basic(tensor, items);
        if (tensors.Any(entry => entry.Indices.dtype is ScalarType.Bool or ScalarType.Byte))
        {
            throw new NotSupportedException(
                "How many elements a mask chooses is known only when the model runs, so that x[mask] cannot be exported; use where or masked_fill.");
        }

        return tensors switch
        {
            [] => ReferenceEquals(current, tensor) ? tensor.alias() : current,
            [var (axis, indices)] => Gather(current, axis, indices),
            _ => GatherSeveral(current, [.. tensors.Select(entry => entry.Axis)], [.. tensors.Select(entry => entry.Indices)]),
        };
    }

    /// <summary>Puts values there, in place.</summary>
    public static TracedTensor Set(TracedTensor tensor, TracedTensor value, IReadOnlyList<IndexItem> items)
    {
        (TracedTensor current, List<(int Axis, TracedTensor Indices)> tensors) = Basic(tensor, items);
        switch (tensors)
        {
            case []:
                current.copy_(value);
                return tensor;

            case [(int axis, { dtype: ScalarType.Bool } mask)] when value.numel() == 1:
                TracedTensor wide = mask.reshape(
                    [.. Enumerable.Repeat(1L, axis), .. mask.shape, .. Enumerable.Repeat(1L, (int)current.ndim - axis - (int)mask.ndim)]);
                current.Become(wide.where(value.reshape([]).As(current.dtype), current));
                return tensor;

            default:
                throw new NotSupportedException(
                    "x[indices] = y with a tensor of indices cannot be exported; with a mask and one number it can, and where and masked_fill can.");
        }
    }

    /// <summary>The elements at indices of an axis, in place of which the dimensions of the indices stand.</summary>
    public static TracedTensor Gather(TracedTensor tensor, int axis, TracedTensor indices)
    {
        long[] from = tensor.shape;
        Tensor flat = indices.Value.to(ScalarType.Int64).reshape(-1);
        Tensor chosen = tensor.Value.index_select(axis, where(flat.lt(0), flat + from[axis], flat));
        return TracedTensor.Record(
            "Gather", chosen.reshape([.. from[..axis], .. indices.shape, .. from[(axis + 1)..]]), [tensor, indices.As(ScalarType.Int64)], ("axis", axis));
    }

    private static (TracedTensor Current, List<(int Axis, TracedTensor Indices)> Tensors) Basic(TracedTensor tensor, IReadOnlyList<IndexItem> items)
    {
        TracedTensor current = tensor;
        List<(int Axis, TracedTensor Indices)> tensors = [];
        int taken = items.Sum(item => item switch
        {
            { Kind: IndexKind.NewAxis or IndexKind.Ellipsis } => 0,
            { Tensor: { dtype: ScalarType.Bool } mask } => (int)mask.ndim,
            _ => 1,
        });
        int axis = 0;
        foreach (IndexItem item in items)
        {
            switch (item.Kind)
            {
                case IndexKind.NewAxis:
                    current = current.unsqueeze(axis++);
                    break;

                case IndexKind.Single:
                    current = current.select(axis, item.Start!.Value);
                    break;

                case IndexKind.Slice:
                    if (item is not { Start: null or 0, Stop: null, Step: null or 1 })
                    {
                        current = current.slice(axis, item.Start ?? 0, item.Stop ?? long.MaxValue, item.Step ?? 1);
                    }

                    axis++;
                    break;

                case IndexKind.Ellipsis:
                    axis += (int)tensor.ndim - taken;
                    break;

                case IndexKind.Tensor when item.Tensor is { } indices:
                    tensors.Add((axis, indices));
                    axis += indices.dtype == ScalarType.Bool ? (int)indices.ndim : 1;
                    break;

                default:
                    throw new NotSupportedException("x[true] and x[false] cannot be exported; use unsqueeze(0).");
            }
        }

        return (current, tensors);
    }

    // With the indexed axes in front, one operator takes an index for all of them; torch puts the result in front, too, unless they are neighbours.
    private static TracedTensor GatherSeveral(TracedTensor tensor, int[] axes, TracedTensor[] indices)
    {
        long[] others = [.. Enumerable.Range(0, (int)tensor.ndim).Except(axes).Select(axis => (long)axis)];
        TracedTensor front = axes.SequenceEqual(Enumerable.Range(0, axes.Length)) ? tensor : tensor.permute([.. axes.Select(axis => (long)axis), .. others]);
        long[] common = broadcast_tensors([.. indices.Select(index => index.Value)])[0].shape;
        TracedTensor together = TracedTensor.Stacked([.. indices.Select(index => index.As(ScalarType.Int64).expand(common))], -1);
        Tensor chosen = front.Value.index([.. indices.Select(index => index.Value)]);
        TracedTensor result = TracedTensor.Record("GatherND", chosen, [front, together]);
        bool areNeighbours = axes.SequenceEqual(Enumerable.Range(axes[0], axes.Length));
        if (!areNeighbours || axes[0] == 0)
        {
            return result;
        }

        long[] rest = [.. Enumerable.Range(common.Length, others.Length).Select(axis => (long)axis)];
        return result.permute([.. rest[..axes[0]], .. Enumerable.Range(0, common.Length).Select(axis => (long)axis), .. rest[axes[0]..]]);
    }
}
