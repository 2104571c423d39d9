using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>Changes in place through another tensor of the same memory: the file computes what C# computes, which sees them in both or in one.</summary>
public sealed class ChangeInPlaceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public ChangeInPlaceTests() => manual_seed(23);

    public void Dispose() => _scope.Dispose();

    // What comes of y [N, 3, 4, 4]: the same memory, or a copy of it.
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_tensors = new()
    {
        ["view"] = (y => y.view(-1, 48), y => y.view(-1, 48)),
        ["view_as"] = (y => y.view_as(y), y => y.view_as(y)),
        ["reshape"] = (y => y.reshape(y.shape[0], 12, 4), y => y.reshape(y.shape[0], 12, 4)),
        ["reshape to the same shape"] = (y => y.reshape(-1, 3, 4, 4), y => y.reshape(-1, 3, 4, 4)),
        ["reshape behind a transpose, a copy"] = (y => y.transpose(1, 2).reshape(-1, 48), y => y.transpose(1, 2).reshape(-1, 48)),
        ["reshape behind a transpose, a view"] = (y => y.transpose(2, 3).reshape(-1, 3, 2, 2, 4), y => y.transpose(2, 3).reshape(-1, 3, 2, 2, 4)),
        ["flatten"] = (y => y.flatten(1), y => y.flatten(1)),
        ["flatten some"] = (y => y.flatten(2, 3), y => y.flatten(2, 3)),
        ["flatten behind a permutation, a copy"] = (y => y.permute(0, 2, 3, 1).flatten(1), y => y.permute(0, 2, 3, 1).flatten(1)),
        ["transpose"] = (y => y.transpose(1, 3), y => y.transpose(1, 3)),
        ["permute"] = (y => y.permute(0, 3, 1, 2), y => y.permute(0, 3, 1, 2)),
        ["t of a view"] = (y => y.view(-1, 48).t(), y => y.view(-1, 48).t()),
        ["unsqueeze"] = (y => y.unsqueeze(1), y => y.unsqueeze(1)),
        ["squeeze"] = (y => y.unsqueeze(-1).squeeze(), y => y.unsqueeze(-1).squeeze()),
        ["a view of a view"] = (y => y.permute(0, 2, 3, 1).unsqueeze(0).transpose(1, 2).squeeze(0), y => y.permute(0, 2, 3, 1).unsqueeze(0).transpose(1, 2).squeeze(0)),
        ["alias"] = (y => y.alias(), y => y.alias()),
        ["detach"] = (y => y.detach(), y => y.detach()),
        ["clone"] = (y => y.clone(), y => y.clone()),
        ["contiguous"] = (y => y.contiguous(), y => y.contiguous()),
        ["contiguous behind a permutation"] = (y => y.permute(0, 2, 3, 1).contiguous(), y => y.permute(0, 2, 3, 1).contiguous()),
        ["the variable itself"] = (y => y, y => y),
        ["dropout"] = (y => functional.dropout(y, 0.5, training: false), y => TracedOps.dropout(y, 0.5, training: false)),
        ["a new tensor"] = (y => y + 0, y => y + 0),
    };

    // What comes of y and has other elements than it: parts of the same memory, or copies.
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_parts = new()
    {
        ["an index"] = (y => y[0], y => y[0]),
        ["an index of the second dimension"] = (y => y[.., -1], y => y[.., -1]),
        ["a range"] = (y => y[.., 1.., ..2], y => y[.., 1.., ..2]),
        ["a range from the middle"] = (y => y[.., .., 1..3], y => y[.., .., 1..3]),
        ["a slice with a step"] = (y => y[.., .., .., TensorIndex.Slice(1, null, 2)], y => y[.., .., .., TensorIndex.Slice(1, null, 2)]),
        ["narrow"] = (y => y.narrow(1, 1, 1), y => y.narrow(1, 1, 1)),
        ["a chunk"] = (y => y.chunk(2, 1)[0], y => y.chunk(2, 1)[0]),
        ["an unbound part"] = (y => y.unbind(2)[3], y => y.unbind(2)[3]),
        ["a part of a view"] = (y => y.transpose(1, 2)[.., 1..3].select(2, 1).unsqueeze(1), y => y.transpose(1, 2)[.., 1..3].select(2, 1).unsqueeze(1)),
        ["a view of a part, a copy"] = (y => y[.., .., 1..3].reshape(-1, 24), y => y[.., .., 1..3].reshape(-1, 24)),
        ["expand of nothing"] = (y => y.expand(-1, 3, -1, -1), y => y.expand(-1, 3, -1, -1)),
        ["float"] = (y => y.@float(), y => y.@float()),
        ["a copy in the same type"] = (y => y.to(ScalarType.Float32, copy: true), y => y.to(ScalarType.Float32, copy: true)),
        ["flip, a copy"] = (y => y.flip(1), y => y.flip(1)),
    };

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_changes = new()
    {
        ["relu_"] = (z => z.relu_(), z => z.relu_()),
        ["add_ of itself"] = (z => z.add_(z), z => z.add_(z)),
        ["mul_ by a number"] = (z => z.mul_(-0.5), z => z.mul_(-0.5)),
        ["sub_ twice"] = (z => z.sub_(0.25).div_(2), z => z.sub_(0.25).div_(2)),
        ["sigmoid of the module"] = (z => functional.silu(z, inplace: true), z => TracedOps.silu(z, inplace: true)),
    };

    public static TheoryData<string, string> Wholes => Pairs(s_tensors.Keys);

    public static TheoryData<string, string> Cases => Pairs(s_tensors.Keys.Concat(s_parts.Keys));

    private static TheoryData<string, string> Pairs(IEnumerable<string> tensors)
    {
        TheoryData<string, string> data = [];
        foreach (string tensor in tensors)
        {
            foreach (string change in s_changes.Keys)
            {
                data.Add(tensor, change);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_change_of_the_one_shows_in_the_other_as_in_CSharp(string tensor, string change)
    {
        (Func<Tensor, Tensor> other, Func<TracedTensor, TracedTensor> tracedOther) = s_parts.GetValueOrDefault(tensor, s_tensors.GetValueOrDefault(tensor));
        (Func<Tensor, Tensor> changing, Func<TracedTensor, TracedTensor> tracedChanging) = s_changes[change];
        TracedFunction model = new(
            x =>
            {
                Tensor y = x - 0.125;
                Tensor z = other(y);
                changing(z);
                return y * 2 + z.mean();
            },
            x =>
            {
                TracedTensor y = x - 0.125;
                TracedTensor z = tracedOther(y);
                tracedChanging(z);
                return y * 2 + z.mean();
            });

        AssertSame(model);
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public void A_change_of_the_tensor_shows_in_what_was_taken_of_it_before(string tensor, string change)
    {
        (Func<Tensor, Tensor> other, Func<TracedTensor, TracedTensor> tracedOther) = s_tensors[tensor];
        (Func<Tensor, Tensor> changing, Func<TracedTensor, TracedTensor> tracedChanging) = s_changes[change];
        TracedFunction model = new(
            x =>
            {
                Tensor y = x - 0.125;
                Tensor z = other(y), w = other(z.reshape(y.shape));
                changing(y);
                changing(w);
                return z * 2 + w.mean() + y.mean();
            },
            x =>
            {
                TracedTensor y = x - 0.125;
                TracedTensor z = tracedOther(y), w = tracedOther(z.reshape(y.shape));
                tracedChanging(y);
                tracedChanging(w);
                return z * 2 + w.mean() + y.mean();
            });

        AssertSame(model);
    }

    // What is put into y [N, 3, 4, 4] at some of its places.
    private static readonly Dictionary<string, (Action<Tensor> Eager, Action<TracedTensor> Traced)> s_puts = new()
    {
        ["a number at an index"] = (y => y[.., 1] = 2, y => y[.., 1] = 2),
        ["a number at an index of the batch"] = (y => y[0] = 0.5, y => y[0] = 0.5),
        ["a tensor at a range"] = (y => y[.., .., 1..3] = y[.., .., ..2] * 3, y => y[.., .., 1..3] = y[.., .., ..2] * 3),
        ["a tensor that is broadcast"] = (y => y[.., ..2] = y[.., 2..], y => y[.., ..2] = y[.., 2..]),
        ["integers at a slice with a step"] = (
            y => y[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)] = tensor(new long[] { 7, 8 }),
            y => y[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)] = tensor(new long[] { 7, 8 })),
        ["a number where a mask is true"] = (
            y => y.index_put_(0.25f, TensorIndex.Slice(), TensorIndex.Tensor(tensor(new[] { true, false, true }))),
            y => y.index_put_(0.25f, TensorIndex.Slice(), TensorIndex.Tensor(tensor(new[] { true, false, true })))),
        ["two parts exchanged by assignment"] = (y => y[.., 0] += y[.., 1], y => y[.., 0] += y[.., 1]),
        ["copy_"] = (y => y.copy_(y.mean([1], keepdim: true)), y => y.copy_(y.mean([1], keepdim: true))),
    };

    public static TheoryData<string> Puts => [.. s_puts.Keys];

    [Theory]
    [MemberData(nameof(Puts))]
    public void What_is_put_at_places_of_a_tensor_is_there_in_its_views_too(string put)
    {
        (Action<Tensor> eager, Action<TracedTensor> traced) = s_puts[put];
        TracedFunction model = new(
            x =>
            {
                Tensor y = x - 0.125, view = y.transpose(2, 3);
                eager(y);
                return view + y;
            },
            x =>
            {
                TracedTensor y = x - 0.125, view = y.transpose(2, 3);
                traced(y);
                return view + y;
            });

        AssertSame(model);
    }

    private static readonly Dictionary<string, Func<Module<Tensor, Tensor>>> s_modules = new()
    {
        ["Identity"] = Identity,
        ["Dropout"] = () => Dropout(0.1),
        ["Dropout2d"] = () => Dropout2d(0.1),
        ["Flatten"] = () => Flatten(),
        ["Sequential of Identity"] = () => Sequential(Identity()),
        ["AdaptiveAvgPool2d of the same size"] = () => AdaptiveAvgPool2d(4),
        ["AvgPool2d of one"] = () => AvgPool2d(1),
        ["MaxPool2d of one"] = () => MaxPool2d(1),
        ["a disabled quantizer"] = () => new TensorQuantizer { IsEnabled = false },
        ["ReLU in place"] = () => ReLU(inplace: true),
        ["Sequential with a ReLU in place"] = () => Sequential(Identity(), ReLU(inplace: true)),
        ["Hardswish in place"] = () => Hardswish(inplace: true),
        ["GELU"] = () => GELU(),
    };

    public static TheoryData<string> Modules => [.. s_modules.Keys];

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_change_of_what_a_module_gives_shows_in_what_it_was_given_as_in_CSharp(string name)
    {
        Module<Tensor, Tensor> module = s_modules[name]();
        TracedFunction model = new(
            x =>
            {
                Tensor y = x - 0.125;
                Tensor z = module.call(y);
                z.mul_(-3);
                return y.flatten(1) + z.flatten(1);
            },
            x =>
            {
                TracedTensor y = x - 0.125;
                TracedTensor z = module.call(y);
                z.mul_(-3);
                return y.flatten(1) + z.flatten(1);
            },
            ("module", module));

        AssertSame(model);
    }

    [Fact]
    public void A_convolution_reads_what_a_view_of_its_input_was_changed_into()
    {
        QuantConv2d first = new(3, 4, 1), second = new(4, 4, 1);
        TracedFunction model = new(
            x =>
            {
                Tensor y = first.call(x);
                y.flatten(1).relu_();
                return second.call(y);
            },
            x =>
            {
                TracedTensor y = first.call(x);
                y.flatten(1).relu_();
                return second.call(y);
            },
            ("first", first), ("second", second));
        Tensor data = randn(8, 3, 4, 4);
        Calibration.Run(model, [data], CalibrationMethod.Max);

        foreach (OnnxTarget target in new[] { OnnxTarget.Float, OnnxTarget.TensorRT, OnnxTarget.OnnxRuntime })
        {
            foreach (TensorQuantizer quantizer in model.modules().OfType<TensorQuantizer>())
            {
                quantizer.IsEnabled = target != OnnxTarget.Float;
            }

            using ExportedModel exported = ExportedModel.Of(model, data[TensorIndex.Slice(0, 2)], target);
            Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.01f);
        }
    }

    [Fact]
    public void A_layer_whose_output_is_changed_through_a_view_still_runs_in_integers()
    {
        QuantDescriptor detecting = new() { DetectUnsigned = true };
        QuantConv2d first = new(3, 4, 1, input: detecting), second = new(4, 4, 1, input: detecting);
        TensorQuantizer output = new();
        TracedFunction model = new(
            x =>
            {
                Tensor y = first.call(x);
                y.view(y.shape[0], 2, -1).transpose(0, 2).relu_();
                return output.call(second.call(y));
            },
            x =>
            {
                TracedTensor y = first.call(x);
                y.view(y.shape[0], 2, -1).transpose(0, 2).relu_();
                return output.call(second.call(y));
            },
            ("first", first), ("second", second), ("output", output));
        Tensor data = randn(8, 3, 4, 4);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(["integer", "integer"], exported.Report.Kernels.Select(kernel => kernel.FloatReason ?? "integer"));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.01f);
    }

    [Fact]
    public void Zeros_that_results_are_added_to_in_place_become_their_sum()
    {
        TracedFunction model = new(
            x =>
            {
                Tensor sum = zeros(3, 4, 4), view = sum.view(3, 16);
                view.add_(1);
                Tensor all = zeros(x.shape[0], 3, 4, 4);
                all.add_(x).add_(sum);
                return all * view.mean();
            },
            x =>
            {
                TracedTensor sum = zeros(3, 4, 4), view = sum.view(3, 16);
                view.add_(1);
                TracedTensor all = zeros(x.shape[0], 3, 4, 4);
                all.add_(x).add_(sum);
                return all * view.mean();
            });

        AssertSame(model);
    }

    [Fact]
    public void A_change_of_a_buffer_names_it()
    {
        BufferCounter model = new();

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => ExportedModel.Of(model, randn(2, 4), OnnxTarget.Float));

        Assert.Equal(
            "forward of BufferCounter changes 'count' of the model in place, which cannot be exported: a file keeps nothing between two runs.", error.Message);
        Assert.Equal(0f, model.count.item<float>());
    }

    [Fact]
    public void A_change_into_another_shape_is_an_error()
    {
        TracedFunction model = new(x => x, x => x.mean([1], keepdim: true).add_(x));

        ArgumentException error = Assert.Throws<ArgumentException>(() => ExportedModel.Of(model, randn(2, 3), OnnxTarget.Float));

        Assert.Equal("A tensor of shape [2, 1] cannot be changed in place into one of shape [2, 3].", error.Message);
    }

    private static void AssertSame(TracedFunction model)
    {
        foreach (int samples in new[] { 1, 2 })
        {
            using ExportedModel exported = ExportedModel.Of(model, randn(samples, 3, 4, 4), OnnxTarget.Float);
            Assert.All(exported.Report.Notes, note => Assert.Fail(note));
            Tensor input = randn(5, 3, 4, 4);
            Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-5f);
        }
    }

    private sealed class BufferCounter : Module<Tensor, Tensor>, ITraceable
    {
        public readonly Tensor count = zeros(1);

        public BufferCounter()
            : base(nameof(BufferCounter))
            => register_buffer(nameof(count), count);

        public override Tensor forward(Tensor input) => input + count.add_(1);

        public TracedTensor TraceForward(TracedTensor input) => input + ((TracedTensor)count).add_(1);
    }
}
