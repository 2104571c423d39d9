using QuantGen.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace QuantGen.Tests.Modules;

public sealed class LifetimeTests
{
    // One of each type with weights and without, all in EveryModuleNet; counted on this thread only.
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Fact]
    public void A_thousand_training_steps_with_every_module_leave_no_tensor_behind()
    {
        using EveryModuleNet net = new();
        using optim.Optimizer optimizer = optim.SGD(net.parameters(), 0.01);
        using Tensor input = randn(3, 2, 8, generator: new Generator(1)), target = zeros(3, 4);
        Step();
        long before = Live;
        for (int i = 0; i < 1000; i++)
        {
            Step();
        }

        Assert.Equal(before, Live);

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.mse_loss(net.call(input), target).backward();
            optimizer.step();
        }
    }

    [Fact]
    public void Disposing_a_module_frees_every_tensor_of_it()
    {
        long before = Live;
        using (EveryModuleNet net = new())
        using (Tensor input = randn(3, 2, 8))
        {
            ModuleZoo.SetQuantizers(net, quantizer => quantizer.IsCalibrating = true);
            net.call(input).Dispose();
            ModuleZoo.SetQuantizers(net, quantizer => quantizer.LoadCalibratedAmax());
            Assert.True(Live > before + 50);
        }

        Assert.Equal(before, Live);
    }

    [Fact]
    public void A_module_outlives_the_dispose_scope_that_it_was_made_in()
    {
        EveryModuleNet net;
        using (NewDisposeScope())
        {
            net = new();
        }

        using (net)
        using (Tensor input = randn(3, 2, 8))
        using (Tensor output = net.call(input))
        {
            Assert.Equal([3, 4], output.shape);
        }
    }

    [Fact]
    public void Replacing_a_weight_frees_the_old_one()
    {
        using QuantLinear module = new(2, 3);
        using QuantLSTMCell cell = new(2, 3);
        using QuantInstanceNorm1d norm = new(2, affine: true);
        long before = Live;
        module.weight = nn.Parameter(ones(3, 2));
        module.bias = nn.Parameter(ones(3));
        cell.weight_ih = nn.Parameter(ones(12, 2));
        cell.bias_hh = nn.Parameter(ones(12));
        norm.weight = nn.Parameter(ones(2));
        module.weight = module.weight;

        Assert.Equal(before, Live);
        Assert.Equal(6, module.weight.sum().item<float>());
        module.bias = null;
        Assert.Equal(["weight"], module.state_dict().Keys);
    }

    [Fact]
    public void Packed_sequences_leave_no_tensor_behind()
    {
        using EveryModuleNet net = new();
        long before = Live;
        for (int i = 0; i < 5; i++)
        {
            using var scope = NewDisposeScope();
            PackedSequence packed = pack_sequence([ones(2, 4), ones(3, 4)], enforce_sorted: false);
            net.Packed(packed);
        }

        Assert.Equal(before, Live);
    }
}
