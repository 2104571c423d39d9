using System.Globalization;

namespace QuantGen.Generators.Mappings;

/// <summary>A function of torch, or a method of <c>Tensor</c>, that a runtime can compute in integers.</summary>
/// <param name="Name">The name of the function and of the method.</param>
/// <param name="Second">What its second operand is.</param>
internal sealed record FunctionalOperation(string Name, SecondOperand Second)
{
    /// <summary>Whether it is an activation, which is quantized for targets that want it, whether or not functions are.</summary>
    public bool IsActivation { get; init; }

    /// <summary>The quantized module that takes its place, for one that rounds inside, too.</summary>
    public string? Module { get; init; }

    /// <summary>Whether what that module gives is quantized already.</summary>
    public bool GivesIntegers { get; init; }

    public int OperandCount => Second == SecondOperand.None ? 1 : 2;

    public bool HasWeight => Second is SecondOperand.Weight or SecondOperand.TransposedWeight;

    /// <summary>Why a product of tensors that is none of these operations, or has other operands, stays as it is.</summary>
    public static string ReasonAgainst(string product) => product switch
    {
        "addmm" or "addbmm" or "baddbmm" => "it multiplies and adds in one; write the product by 'matmul' and the sum by '+'",
        "einsum" => "only an einsum of two tensors that are written out can be",
        "scaled_dot_product_attention" => "its two products are inside of it; write them by 'matmul'",
        _ => "it has no quantized form; write it by 'matmul'",
    };

    /// <summary>
    /// The name of the quantizer of an operand: <c>matmul_input_quantizer</c>, <c>matmul2_other_quantizer</c>, <c>conv2d_2_weight_quantizer</c>.
    /// </summary>
    /// <param name="operand">Which operand, from 0.</param>
    /// <param name="number">Which call of the operation it is, from 1.</param>
    public string QuantizerName(int operand, int number)
    {
        string separator = Name.Any(char.IsDigit) ? "_" : "";
        string role = operand == 0 ? "input" : HasWeight ? "weight" : "other";
        return $"{Name}{(number == 1 ? "" : separator + number.ToString(CultureInfo.InvariantCulture))}_{role}_quantizer";
    }
}

/// <summary>What the second operand of an operation is.</summary>
internal enum SecondOperand
{
    /// <summary>It has one operand.</summary>
    None,

    /// <summary>A tensor like the first.</summary>
    Other,

    /// <summary>A weight with its output channels on axis 0.</summary>
    Weight,

    /// <summary>A weight with its output channels on axis 1.</summary>
    TransposedWeight,
}
