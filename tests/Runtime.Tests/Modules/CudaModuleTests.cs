using QuantGen.Tests.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Modules;

/// <summary>The same values and gradients on a CUDA device as on the CPU. Never run so far: no device was at hand.</summary>
public sealed class CudaModuleTests
{
    [CudaFact]
    public void Every_module_computes_the_same()
    {
        foreach (ModulePair pair in FloatEqualityTests.Pairs())
        {
            using var scope = NewDisposeScope();
            using nn.Module<Tensor, Tensor> module = pair.Quantized();
            Tensor input = randn(pair.Input), onCpu = input.clone().requires_grad_();
            Tensor expected = module.call(onCpu);
            expected.square().sum().backward();

            module.to(CUDA);
            Tensor onDevice = input.cuda().requires_grad_();
            Tensor actual = module.call(onDevice);
            actual.square().sum().backward();

            // A running mean moves between the two passes of training, which do not use it.
            Assert.True(actual.cpu().allclose(expected, rtol: 1e-4, atol: 1e-4), pair.Name);
            Assert.True(onDevice.grad!.cpu().allclose(onCpu.grad!, rtol: 1e-3, atol: 1e-3), pair.Name);
        }
    }

    [CudaFact]
    public void A_net_with_every_module_computes_the_same()
    {
        using var scope = NewDisposeScope();
        using EveryModuleNet net = new();
        net.eval();
        Tensor input = randn(3, 2, 8);
        Calibration.Run(net, [input], CalibrationMethod.Max);
        Tensor expected = net.call(input);
        net.to(CUDA);

        // A value on the border between two steps can fall to either side.
        Assert.True(net.call(input.cuda()).cpu().allclose(expected, rtol: 0.05, atol: 0.05));
    }
}
