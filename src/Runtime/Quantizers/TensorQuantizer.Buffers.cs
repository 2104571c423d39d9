using static TorchSharp.torch;

namespace QuantGen;

/// <content>
/// The buffers, which come and go. They have the type and the device of the model that the quantizer is in, not those of a file or of statistics, and
/// are ordinary tensors also where they come into being under <c>inference_mode</c>.
/// </content>
public sealed partial class TensorQuantizer
{
    // TorchSharp finds tensors in fields by name when it moves a module between devices, so that fields have the names of their buffers.
    private Tensor? _amax;
    private Tensor? _amin;
    private Tensor? _pre_quant_scale;
    private Tensor? _format;
    private (ScalarType Type, Device Device)? _place;

    /// <summary>The type of the range: that of its model, where it is known.</summary>
    internal ScalarType ElementType => _amax?.dtype ?? _place?.Type ?? ScalarType.Float32;

    /// <summary>Whether type and device of buffers to come are known.</summary>
    internal bool IsPlaced => _amax is not null || _place is not null;

    /// <summary>Takes type and device for buffers to come from a tensor of the model: a weight, or an input.</summary>
    internal void PlaceLike(Tensor tensor)
    {
        if (!tensor.is_floating_point())
        {
            return;
        }

        // What a descriptor gave before the type of the model was known moves along.
        Tensor? present = _amax ?? _clip?.clip_value_max;
        if (present is not null && (present.dtype != tensor.dtype || present.device_type != tensor.device_type || present.device_index != tensor.device_index))
        {
            _to(tensor.device, tensor.dtype, non_blocking: false);
        }

        _place = (tensor.dtype, tensor.device);
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        _place = (dtype ?? ElementType, device ?? _amax?.device ?? _place?.Device ?? CPU);
    }

    private void SetBuffer(ref Tensor? buffer, string name, Tensor value)
    {
        if (buffer is not null && !buffer.shape.AsSpan().SequenceEqual(value.shape))
        {
            throw new ArgumentException(
                $"{name} has shape [{string.Join(", ", buffer.shape)}], which cannot change to [{string.Join(", ", value.shape)}].", nameof(value));
        }

        using var ordinary = inference_mode(false);
        using var noGrad = no_grad();
        if (buffer is not null)
        {
            buffer.copy_(value);
            return;
        }

        ScalarType type = value.is_floating_point() ? _place?.Type ?? value.dtype : value.dtype;
        using Tensor source = value.detach();
        using Tensor placed = source.to(type, _place?.Device ?? value.device);
        buffer = placed.clone().DetachFromDisposeScope();
        ConditionallyRegisterBuffer(name, buffer);
    }

    private void RemoveBuffer(ref Tensor? buffer, string name)
    {
        if (buffer is not null)
        {
            ConditionallyRegisterBuffer(name, null!);
            buffer.Dispose();
            buffer = null;
        }
    }
}
