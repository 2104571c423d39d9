using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Approximate = TorchSharp.Modules.GELU.Approximate;

namespace QuantGen.Tests.Modules;

/// <summary>Activations with quantized input: the float module without their quantizer, what ONNX Runtime computes of integers with it.</summary>
public sealed class ActivationTests
{
    private static readonly (string Name, Func<Module<Tensor, Tensor>> Float, Func<QuantActivation> Quantized)[] s_pairs =
    [
        ("SiLU", () => SiLU(), () => new QuantSiLU()),
        ("Hardswish", () => Hardswish(), () => new QuantHardswish()),
        ("Hardsigmoid", () => Hardsigmoid(), () => new QuantHardsigmoid()),
        ("Sigmoid", () => Sigmoid(), () => new QuantSigmoid()),
        ("Tanh", () => Tanh(), () => new QuantTanh()),
        ("Mish", () => Mish(), () => new QuantMish()),
        ("LeakyReLU", () => LeakyReLU(0.2), () => new QuantLeakyReLU(0.2)),
        ("ELU", () => ELU(0.7), () => new QuantELU(0.7)),
        ("GELU", () => GELU(), () => new QuantGELU()),
        ("GELU by tanh", () => GELU(Approximate.tanh), () => new QuantGELU(Approximate.tanh)),
    ];

    public static TheoryData<string> Names => [.. s_pairs.Select(pair => pair.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_its_quantizer_it_is_the_float_module_also_in_place(string name)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        (_, Func<Module<Tensor, Tensor>> make, Func<QuantActivation> makeQuantized) = s_pairs.Single(pair => pair.Name == name);
        QuantActivation quantized = makeQuantized();
        quantized.InputQuantizer.IsEnabled = false;
        Tensor input = randn(3, 50) * 4, own = input.clone();

        float[] expected = make().call(input).data<float>().ToArray();
        Assert.Equal(expected, quantized.call(input).data<float>().ToArray());

        quantized.inplace = true;
        Assert.Equal(expected, quantized.call(own).data<float>().ToArray());
        Assert.Equal(expected, own.data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_place_changes_its_input_and_lets_gradients_pass(string name)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        QuantActivation apart = s_pairs.Single(pair => pair.Name == name).Quantized(), inPlace = s_pairs.Single(pair => pair.Name == name).Quantized();
        inPlace.inplace = true;
        Tensor leaf = randn(40, requires_grad: true), other = leaf.detach().clone().requires_grad_();

        Tensor changed = leaf * 2;
        Tensor result = inPlace.call(changed);
        Assert.Equal(result.data<float>().ToArray(), changed.data<float>().ToArray());
        result.sum().backward();
        apart.call(other * 2).sum().backward();

        Assert.Equal(other.grad!.data<float>().ToArray(), leaf.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_hard_sigmoid_is_an_addition_of_integers_that_clips_by_itself()
    {
        using var scope = NewDisposeScope();
        QuantHardsigmoid module = new();
        module.InputQuantizer.Amax = tensor(127f);

        // -4 + 3 and 5 + 3 are beyond [0, 6]; 1 + 3 is step 170 of 255.
        Assert.Equal([0f, 170f * 6 / 255 / 6, 1f], module.call(tensor(new[] { -4f, 1f, 5f })).data<float>().ToArray(), Close);
    }

    [Fact]
    public void The_sigmoid_in_a_SiLU_has_255_steps()
    {
        using var scope = NewDisposeScope();
        QuantSiLU module = new();
        module.InputQuantizer.Amax = tensor(127f);

        // sigmoid(2) = 0.8808 is step 224.6 of 255; sigmoid(-3) = 0.0474 is step 12.1.
        Assert.Equal([2 * 225f / 255, -3 * 12f / 255], module.call(tensor(new[] { 2f, -3f })).data<float>().ToArray(), Close);
    }

    [Theory]
    [InlineData("SiLU", "QLinearConv QLinearSigmoid QLinearMul QLinearConv")]
    [InlineData("Hardswish", "QLinearConv QLinearAdd QLinearMul QLinearConv")]
    [InlineData("Hardsigmoid", "QLinearConv QLinearAdd QLinearConv")]
    [InlineData("LeakyReLU", "QLinearConv QLinearLeakyRelu QLinearConv")]
    [InlineData("Sigmoid", "QLinearConv QLinearSigmoid QLinearConv")]
    [InlineData("Tanh", "QLinearConv Tanh QLinearConv")]
    public void Between_two_convolutions_it_leaves_both_in_integers(string name, string operators)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        ActivationNet net = new(s_pairs.Single(pair => pair.Name == name).Quantized());
        Tensor input = randn(2, 3, 8, 8);
        Calibration.Run(net, [input], CalibrationMethod.Max);

        using ExportedModel exported = ExportedModel.Of(net, input, OnnxTarget.OnnxRuntime);

        // Its integer convolutions work on channels last.
        string[] found = [.. exported.Optimized.Graph.Node.Select(node => node.OpType).Where(type => type is not ("QuantizeLinear" or "DequantizeLinear" or "Transpose"))];
        Assert.Equal(operators.Split(' '), found);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(net, input), exported.Run(input)), 0, 0.02f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_float_file_has_nothing_of_its_quantization(string name)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(6);
        ActivationNet net = new(s_pairs.Single(pair => pair.Name == name).Quantized());
        Tensor input = randn(2, 3, 8, 8);
        Calibration.Run(net, [input], CalibrationMethod.Max);

        using ExportedModel exported = ExportedModel.Of(net, input, OnnxTarget.Float);
        foreach (TensorQuantizer quantizer in net.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsEnabled = false;
        }

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(net, input), exported.Run(input)), 0, 1e-5f);
    }

    private static bool Close(float expected, float found) => Math.Abs(expected - found) < 1e-6f;

    private sealed class ActivationNet : Module<Tensor, Tensor>, ITraceable
    {
        private readonly QuantConv2d first = new(3, 4, 3, padding: 1), second = new(4, 2, 3);
        private readonly QuantActivation act;
        private readonly TensorQuantizer output = new();

        public ActivationNet(QuantActivation act) : base(nameof(ActivationNet))
        {
            this.act = act;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => output.call(second.call(act.call(first.call(input))));

        public TracedTensor TraceForward(TracedTensor input) => output.call(second.call(act.call(first.call(input))));
    }
}
