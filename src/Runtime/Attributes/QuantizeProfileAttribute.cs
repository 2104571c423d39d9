namespace QuantGen;

/// <summary>Declares a profile once for many classes of a project: <c>[assembly: QuantizeProfile("Int4", Weight = "4bit")]</c>.</summary>
/// <remarks>
/// Each class gets one more sibling: <c>Net</c> has <c>QuantNetInt4</c>, which holds <c>QuantBlockInt4</c> where <c>Net</c> holds <c>Block</c>.
/// The settings are those of <see cref="QuantizeAttribute"/>.
/// </remarks>
/// <param name="name">What the names of the generated classes end with; an empty one gives <c>QuantNet</c> itself.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class QuantizeProfileAttribute(string name) : Attribute
{
    /// <summary>What the names of the generated classes end with.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// The classes: names in which <c>*</c> stands for anything, separated by commas, as in <c>"MyApp.Models.*, Detector"</c>. A name without a dot is that of
    /// a class in
    /// whatever namespace. Unless said otherwise, all classes that have a <see cref="QuantizeAttribute"/> of their own.
    /// </summary>
    public string Classes { get; set; } = "";

    /// <summary>How the inputs of quantized modules are quantized, such as <c>"8bit"</c>.</summary>
    public string Input { get; set; } = "";

    /// <summary>How weights are quantized, such as <c>"4bit per-channel"</c>.</summary>
    public string Weight { get; set; } = "";

    /// <summary>How the residual operand of an addition is quantized; as <see cref="Input"/> unless said otherwise.</summary>
    public string Residual { get; set; } = "";

    /// <summary>Whether the operands of operations that are called as functions are quantized too.</summary>
    public bool Functional { get; set; }

    /// <summary>The runtime whose rules decide where quantizers go.</summary>
    public QuantTarget Target { get; set; } = QuantTarget.TensorRT;
}
