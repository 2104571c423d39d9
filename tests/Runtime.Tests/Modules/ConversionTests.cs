using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Modules;

public sealed class ConversionTests
{
    [Fact]
    public void A_calibrated_net_with_every_module_moves_to_another_type_as_a_whole()
    {
        using var scope = NewDisposeScope();
        using EveryModuleNet net = new();
        net.eval();
        Tensor input = randn([3, 2, 8], generator: new Generator(1));
        ModuleZoo.SetQuantizers(net, quantizer => quantizer.IsCalibrating = true);
        net.call(input);
        ModuleZoo.SetQuantizers(net, quantizer => quantizer.LoadCalibratedAmax());
        ModuleZoo.SetQuantizers(net, quantizer => quantizer.IsCalibrating = false);
        Tensor expected = net.call(input);

        net.to(float64);

        Assert.All(net.state_dict(), entry => Assert.Equal(entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? int64 : float64, entry.Value.dtype));
        ModuleZoo.SetQuantizers(net, quantizer => Assert.Equal(float64, quantizer.Amax!.dtype));
        Tensor actual = net.call(input.to(float64));
        Assert.Equal(float64, actual.dtype);
        Assert.True(actual.allclose(expected.to(float64), rtol: 0.01, atol: 0.05));
    }

    [Fact]
    public void A_calibrated_net_with_every_module_comes_back_from_a_file()
    {
        using var scope = NewDisposeScope();
        using EveryModuleNet net = new(), restored = new();
        Tensor input = randn([3, 2, 8], generator: new Generator(1));
        ModuleZoo.SetQuantizers(net, quantizer => quantizer.IsCalibrating = true);
        net.call(input);
        ModuleZoo.SetQuantizers(net, quantizer => quantizer.LoadCalibratedAmax());
        ModuleZoo.SetQuantizers(net, quantizer => quantizer.IsCalibrating = false);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".dat");
        try
        {
            net.save(path);
            restored.LoadState(path);
        }
        finally
        {
            File.Delete(path);
        }

        net.eval();
        restored.eval();
        Assert.Equal(net.state_dict().Keys, restored.state_dict().Keys);
        Assert.True(net.call(input).Equals(restored.call(input)));
    }
}
