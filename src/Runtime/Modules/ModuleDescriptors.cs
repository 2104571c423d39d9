namespace QuantGen.Modules;

/// <summary>What descriptors modules accept.</summary>
internal static class ModuleDescriptors
{
    /// <summary>The descriptor itself, if it asks for fake quantization: modules compute in floating point.</summary>
    /// <exception cref="ArgumentException">The descriptor asks for integers.</exception>
    public static QuantDescriptor RequireFakeQuant(QuantDescriptor descriptor, string parameter) => descriptor.FakeQuant
        ? descriptor
        : throw new ArgumentException(
            "Modules compute in floating point and need fake quantization, but the descriptor's FakeQuant is false. Use a TensorQuantizer to get integers.", parameter);
}
