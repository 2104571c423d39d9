namespace QuantGen;

/// <content>The descriptors that most tensors need.</content>
public sealed partial record QuantDescriptor
{
    /// <summary>8 bits, one range for the whole tensor.</summary>
    public static QuantDescriptor PerTensor8Bit { get; } = new();

    /// <summary>8 bits without sign, one range for the whole tensor.</summary>
    public static QuantDescriptor UnsignedPerTensor8Bit { get; } = new() { Unsigned = true };

    /// <summary>8 bits, one range for each index of axis 0: output channels of convolutions, rows of linear layers.</summary>
    public static QuantDescriptor PerChannel8Bit { get; } = new() { Axis = 0 };

    /// <summary>8 bits, one range for each output channel of a 1D convolution's weight.</summary>
    public static QuantDescriptor Conv1dWeightPerChannel8Bit => PerChannel8Bit;

    /// <summary>8 bits, one range for each output channel of a 2D convolution's weight.</summary>
    public static QuantDescriptor Conv2dWeightPerChannel8Bit => PerChannel8Bit;

    /// <summary>8 bits, one range for each output channel of a 3D convolution's weight.</summary>
    public static QuantDescriptor Conv3dWeightPerChannel8Bit => PerChannel8Bit;

    /// <summary>8 bits, one range for each row of a linear layer's weight.</summary>
    public static QuantDescriptor LinearWeightPerRow8Bit => PerChannel8Bit;

    /// <summary>8 bits, one range for each output channel of a transposed convolution's weight, which are its axis 1.</summary>
    public static QuantDescriptor TransposedPerChannel8Bit { get; } = new() { Axis = 1 };

    /// <summary>8 bits, one range for each output channel of a transposed 1D convolution's weight.</summary>
    public static QuantDescriptor ConvTranspose1dWeightPerChannel8Bit => TransposedPerChannel8Bit;

    /// <summary>8 bits, one range for each output channel of a transposed 2D convolution's weight.</summary>
    public static QuantDescriptor ConvTranspose2dWeightPerChannel8Bit => TransposedPerChannel8Bit;

    /// <summary>8 bits, one range for each output channel of a transposed 3D convolution's weight.</summary>
    public static QuantDescriptor ConvTranspose3dWeightPerChannel8Bit => TransposedPerChannel8Bit;
}
