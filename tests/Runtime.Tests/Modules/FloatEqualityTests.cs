using static TorchSharp.torch;

namespace QuantGen.Tests.Modules;

public sealed class FloatEqualityTests
{
    public static TheoryData<string> Names => [.. Pairs().Select(pair => pair.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_its_quantizers_a_module_computes_what_TorchSharps_does_to_the_bit(string name)
    {
        using var scope = NewDisposeScope();
        ModulePair pair = Pairs().Single(pair => pair.Name == name);
        using nn.Module<Tensor, Tensor> theirs = pair.Float(), ours = pair.Quantized();
        ours.LoadWeights(theirs);
        ModuleZoo.SetQuantizers(ours, quantizer => quantizer.IsEnabled = false);
        Tensor values = randn(pair.Input, generator: new Generator(7));
        Tensor expected = Run(theirs, values, out Tensor[] theirGradients), actual = Run(ours, values, out Tensor[] ourGradients);

        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.Equals(actual), "values differ");
        Assert.Equal(theirGradients.Length, ourGradients.Length);
        Assert.All(theirGradients.Zip(ourGradients), both => Assert.True(both.First.Equals(both.Second), "gradients differ"));
        theirs.eval();
        ours.eval();
        Assert.True(theirs.call(values).Equals(ours.call(values)), "values differ in evaluation");
    }

    internal static IEnumerable<ModulePair> Pairs() => [.. ModuleZoo.Simple(), .. ModuleZoo.Varied()];

    private static Tensor Run(nn.Module<Tensor, Tensor> module, Tensor values, out Tensor[] gradients)
    {
        Tensor input = values.clone().requires_grad_();
        Tensor output = module.call(input);
        (output * arange(output.numel(), dtype: ScalarType.Float32).sin().reshape(output.shape)).sum().backward();
        gradients = [input.grad!, .. module.parameters().Select(parameter => parameter.grad!)];
        return output;
    }
}
