namespace QuantGen;

/// <summary>Leaves a class, a field, a property or a method of a quantized model as it is.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Method | AttributeTargets.Constructor, Inherited = false)]
public sealed class FullPrecisionAttribute : Attribute;
