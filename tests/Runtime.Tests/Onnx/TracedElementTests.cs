using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Onnx;

/// <summary>Functions of elements, comparisons and logic.</summary>
public sealed class TracedElementTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TracedElementTests() => manual_seed(5);

    public void Dispose() => _scope.Dispose();

    private static readonly Tensor s_row = arange(0, 8).to(ScalarType.Float32).DetachFromDisposeScope();

    // Each over [N, 3, 6, 8].
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_cases = new()
    {
        ["square"] = (x => x.square(), x => x.square()),
        ["sin"] = (x => x.sin(), x => x.sin()),
        ["cos"] = (x => x.cos(), x => x.cos()),
        ["sinh"] = (x => x.sinh(), x => x.sinh()),
        ["cosh"] = (x => x.cosh(), x => x.cosh()),
        ["atan"] = (x => x.atan(), x => x.atan()),
        ["asinh"] = (x => x.asinh(), x => x.asinh()),
        ["exp2"] = (x => x.exp2(), x => x.exp2()),
        ["expm1"] = (x => x.expm1(), x => x.expm1()),
        ["floor"] = (x => x.floor(), x => x.floor()),
        ["ceil"] = (x => x.ceil(), x => x.ceil()),
        ["trunc"] = (x => x.trunc(), x => x.trunc()),
        ["sign"] = (x => x.sign(), x => x.sign()),
        ["round"] = (x => x.round(), x => x.round()),
        ["erf"] = (x => x.erf(), x => x.erf()),
        ["erfc"] = (x => x.erfc(), x => x.erfc()),
        ["positive"] = (x => x.positive(), x => x.positive()),
        ["negative"] = (x => x.negative(), x => x.negative()),
        ["absolute"] = (x => x.absolute(), x => x.absolute()),
        ["fix"] = (x => x.fix(), x => x.fix()),
        ["arctan"] = (x => x.arctan(), x => x.arctan()),
        ["rsqrt"] = (x => (x.abs() + 0.5).rsqrt(), x => (x.abs() + 0.5).rsqrt()),
        ["reciprocal"] = (x => (x.abs() + 0.5).reciprocal(), x => (x.abs() + 0.5).reciprocal()),
        ["log"] = (x => (x.abs() + 0.5).log(), x => (x.abs() + 0.5).log()),
        ["log2"] = (x => (x.abs() + 0.5).log2(), x => (x.abs() + 0.5).log2()),
        ["log10"] = (x => (x.abs() + 0.5).log10(), x => (x.abs() + 0.5).log10()),
        ["log1p"] = (x => (x.abs() + 0.5).log1p(), x => (x.abs() + 0.5).log1p()),
        ["tan"] = (x => (x * 0.2).tanh().tan(), x => (x * 0.2).tanh().tan()),
        ["asin"] = (x => (x * 0.2).tanh().asin(), x => (x * 0.2).tanh().asin()),
        ["acos"] = (x => (x * 0.2).tanh().acos(), x => (x * 0.2).tanh().acos()),
        ["atanh"] = (x => (x * 0.2).tanh().atanh(), x => (x * 0.2).tanh().atanh()),
        ["acosh"] = (x => ((x.abs() + 0.5) + 1).acosh(), x => ((x.abs() + 0.5) + 1).acosh()),
        ["frac"] = (x => (x * 3).frac(), x => (x * 3).frac()),
        ["round to places"] = (x => x.round(2), x => x.round(2)),
        ["functions by their names"] = (
            x => torch.sin(x) + torch.floor(x) * torch.rsqrt(x * x + 1) - torch.square(x),
            x => TracedOps.sin(x) + TracedOps.floor(x) * TracedOps.rsqrt(x * x + 1) - TracedOps.square(x)),
        ["functions in place"] = (
            x => (x + 0).exp_().sqrt_().neg_().floor_().abs_().reciprocal_(),
            x => (x + 0).exp_().sqrt_().neg_().floor_().abs_().reciprocal_()),
        ["clamps in place"] = (
            x => (x + 0).clamp_(-1, 1).clamp_min_(-0.5).clamp_max_(0.5).pow_(2),
            x => (x + 0).clamp_(-1, 1).clamp_min_(-0.5).clamp_max_(0.5).pow_(2)),
        ["fill_ and zero_"] = (x => (x + 0).fill_(3) + (x + 0).zero_(), x => (x + 0).fill_(3) + (x + 0).zero_()),
        ["pow 2"] = (x => x.pow(2), x => x.pow(2)),
        ["pow 3"] = (x => x.pow(3), x => x.pow(3)),
        ["pow of a half"] = (x => (x.abs() + 0.5).pow(0.5), x => (x.abs() + 0.5).pow(0.5)),
        ["pow, negative"] = (x => (x.abs() + 0.5).pow(-1.5), x => (x.abs() + 0.5).pow(-1.5)),
        ["pow of tensors"] = (x => torch.pow((x.abs() + 0.5), x), x => TracedOps.pow((x.abs() + 0.5), x)),
        ["pow of integers"] = (x => (x * 3).@long().pow(3), x => (x * 3).@long().pow(3)),
        ["pow by a constant"] = (x => (x.abs() + 0.5).pow(s_row), x => (x.abs() + 0.5).pow(s_row)),
        ["fmod"] = (x => (x * 5).fmod(1.5), x => (x * 5).fmod(1.5)),
        ["fmod of tensors"] = (x => torch.fmod(x * 5, (x.abs() + 0.5)), x => TracedOps.fmod(x * 5, (x.abs() + 0.5))),
        ["remainder"] = (x => (x * 5).remainder(1.5), x => (x * 5).remainder(1.5)),
        ["remainder, negative"] = (x => torch.remainder(x * 5, -1.5), x => TracedOps.remainder(x * 5, -1.5)),
        ["remainder of integers"] = (x => (x * 9).@long().remainder(4), x => (x * 9).@long().remainder(4)),
        ["%"] = (x => x * 5 % 2, x => x * 5 % 2),
        ["maximum"] = (x => x.maximum(s_row), x => x.maximum(s_row)),
        ["minimum"] = (x => torch.minimum(x, x * x), x => TracedOps.minimum(x, x * x)),
        ["max of two"] = (x => torch.max(x, x.sin()), x => TracedOps.max(x, x.sin())),
        ["min of two"] = (x => x.min(s_row), x => x.min(s_row)),
        ["clamp by tensors"] = (x => x.clamp(s_row - 4, s_row - 3), x => x.clamp(s_row - 4, s_row - 3)),
        ["clamp by one tensor"] = (x => torch.clamp(x, max: s_row - 4), x => TracedOps.clamp(x, max: s_row - 4)),
        ["clip"] = (x => x.clip(-0.5, 0.5), x => x.clip(-0.5, 0.5)),
        ["clamp_min"] = (x => x.clamp_min(0.25), x => x.clamp_min(0.25)),
        ["clamp_max"] = (x => torch.clamp_max(x, 0.25), x => TracedOps.clamp_max(x, 0.25)),
        ["clamp of integers"] = (x => (x * 5).@long().clamp(-2, 3), x => (x * 5).@long().clamp(-2, 3)),
        ["lerp"] = (x => x.lerp(x * x, s_row / 8), x => x.lerp(x * x, s_row / 8)),
        ["div rounded down"] = (x => (x * 7).div(2, RoundingMode.floor), x => (x * 7).div(2, RoundingMode.floor)),
        ["div rounded towards zero"] = (x => (x * 7).div(2, RoundingMode.trunc), x => (x * 7).div(2, RoundingMode.trunc)),
        ["integers divided and rounded down"] = (x => (x * 9).@long().div(2, RoundingMode.floor), x => (x * 9).@long().div(2, RoundingMode.floor)),
        ["integers divided and rounded towards zero"] = (x => (x * 9).@long().div(2, RoundingMode.trunc), x => (x * 9).@long().div(2, RoundingMode.trunc)),
        ["floor_divide"] = (x => (x * 9).@long().floor_divide(4), x => (x * 9).@long().floor_divide(4)),
        ["other names"] = (
            x => x.multiply(2).subtract(1).divide(3).true_divide(x.abs() + 1),
            x => x.multiply(2).subtract(1).divide(3).true_divide(x.abs() + 1)),
        ["mv"] = (x => x[0, 0].mv(s_row), x => x[0, 0].mv(s_row)),
        ["outer"] = (x => x[0, 0, 0].outer(x[0, 0, 1]), x => x[0, 0, 0].outer(x[0, 0, 1])),
        ["comparisons"] = (
            x => (x > 0).@float() + (x >= s_row) * 2 + (x < 1).@float() * 4 + (x <= x.sin()) * 8,
            x => (x > 0).@float() + (x >= s_row) * 2 + (x < 1).@float() * 4 + (x <= x.sin()) * 8),
        ["comparisons with a number on the left"] = (x => (0 < x).@int() + (1 >= x).@int() * 2, x => (0 < x).@int() + (1 >= x).@int() * 2),
        ["eq and ne"] = (
            x => (x * 2).round().eq(0).@float() + (x * 2).round().ne(1).@float() * 2,
            x => (x * 2).round().eq(0).@float() + (x * 2).round().ne(1).@float() * 2),
        ["eq of tensors"] = (x => torch.eq(x.round(), x.sin().round()), x => TracedOps.eq(x.round(), x.sin().round())),
        ["gt of integers and numbers"] = (x => (x * 2).@long().gt(0.5), x => (x * 2).@long().gt(0.5)),
        ["logic"] = (
            x => (x > 0).logical_and(x < 1).logical_or(x < -1).logical_xor(x > 2).logical_not(),
            x => (x > 0).logical_and(x < 1).logical_or(x < -1).logical_xor(x > 2).logical_not()),
        ["logic of numbers"] = (x => x.round().logical_and(s_row), x => x.round().logical_and(s_row)),
        ["logic by operators"] = (x => ~((x > 0) & (x < 1) | (x < -1)) ^ (x > 2), x => ~((x > 0) & (x < 1) | (x < -1)) ^ (x > 2)),
        ["masked_fill"] = (x => x.masked_fill(x > 0.5, 7), x => x.masked_fill(x > 0.5, 7)),
        ["masked_fill by a constant"] = (x => x.masked_fill(s_row > 3, double.NegativeInfinity), x => x.masked_fill(s_row > 3, double.NegativeInfinity)),
        ["masked_fill_"] = (x => (x + 0).masked_fill_(x.lt(0), -1), x => (x + 0).masked_fill_(x.lt(0), -1)),
        ["where"] = (x => torch.where(x > 0, x, s_row), x => TracedOps.where(x > 0, x, s_row)),
        ["where with a number"] = (x => torch.where(x > 0, x * 2, 0.25f), x => TracedOps.where(x > 0, x * 2, 0.25f)),
        ["tril"] = (x => x.tril(), x => x.tril()),
        ["triu"] = (x => torch.triu(x, 1), x => TracedOps.triu(x, 1)),
        ["tril of truth values"] = (x => (x > 0).tril(-1), x => (x > 0).tril(-1)),
        ["isnan and isinf"] = (x => (x.relu() / x.relu()).isnan(), x => (x.relu() / x.relu()).isnan()),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_computes_the_same_in_onnx_runtime_for_any_batch_size(string operation)
        => OperationCheck.AnyBatch(s_cases[operation].Eager, s_cases[operation].Traced, 3, 6, 8);
}
