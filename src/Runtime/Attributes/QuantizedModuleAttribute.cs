namespace QuantGen;

/// <summary>Names the quantized counterpart of a module of one's own: <c>[assembly: QuantizedModule(typeof(MyConv), typeof(QuantMyConv))]</c>.</summary>
/// <remarks>
/// In generated models <c>MyConv</c> becomes <c>QuantMyConv</c>, as <c>Conv2d</c> becomes <c>QuantConv2d</c>. Its constructors take
/// what those of the module take, by the same names and in the same order, and after that may take <c>input</c> and <c>weight</c>, the
/// <see cref="QuantDescriptor"/>s of the model.
/// </remarks>
/// <param name="module">The module.</param>
/// <param name="quantized">Its quantized counterpart.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class QuantizedModuleAttribute(Type module, Type quantized) : Attribute
{
    /// <summary>The module.</summary>
    public Type Module { get; } = module;

    /// <summary>Its quantized counterpart.</summary>
    public Type Quantized { get; } = quantized;
}
