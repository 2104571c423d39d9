using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Kernels;

/// <summary>Predicts which operators of a finished graph ONNX Runtime's CPU provider computes in integers, by <see cref="IntegerRule"/>.</summary>
internal sealed class OnnxRuntimeKernels
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<GraphValue, GraphNode> _producers;
    private readonly ILookup<GraphValue, GraphNode> _readers;

    private OnnxRuntimeKernels(OnnxGraph graph)
    {
        _graph = graph;
        _producers = graph.Nodes.ToDictionary(node => node.Output);
        _readers = graph.Nodes.SelectMany(node => node.Inputs.OfType<GraphValue>().Select(input => (input, node)))
            .ToLookup(entry => entry.input, entry => entry.node);
    }

    /// <summary>The operators that have a rule or a weight, in order.</summary>
    public static IReadOnlyList<OnnxKernel> Of(OnnxGraph graph)
    {
        OnnxRuntimeKernels kernels = new(graph);
        return
        [
            .. graph.Nodes.Where(node => node.Output.Type == ElementType.Float && (IntegerRule.All.ContainsKey(node.OpType) || graph.IsWeighted(node)))
                .Select(kernels.Predict),
        ];
    }

    private OnnxKernel Predict(GraphNode node)
    {
        (string? reason, IReadOnlyList<string> quantizers) = Hindrance(node);
        return new()
        {
            Name = node.Name,
            Layer = node.Layer,
            Operator = node.OpType,
            FloatReason = reason,
            Quantizers = quantizers,
            IsWeightQuantizedAtLoad = _graph.IsWeighted(node) && QuantizesItself(node, 1, OutputOf(node, IntegerRule.All["Conv"]).IsQuantized),
        };
    }

    private (string? Reason, IReadOnlyList<string> Quantizers) Hindrance(GraphNode node)
    {
        if (!IntegerRule.All.TryGetValue(node.OpType, out IntegerRule? rule))
        {
            return ($"ONNX Runtime has no integer kernel for {node.OpType}", []);
        }

        (string? hindrance, IReadOnlyList<string> quantizers, bool isQuantized) = OutputOf(node, rule);
        if (InputHindrance(node, rule, isQuantized) is { } reason)
        {
            return (reason, []);
        }

        return hindrance is null && !isQuantized && rule.WithoutOutput is null ? ("the output is not quantized", []) : (hindrance, quantizers);
    }

    private string? InputHindrance(GraphNode node, IntegerRule rule, bool outputIsQuantized)
    {
        List<ElementType> types = [];
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            // The condition of a Where is no number.
            if (node.Inputs[i] is not { Type: not ElementType.Bool } input)
            {
                continue;
            }

            if (Integers(input) is { } integers)
            {
                types.Add(integers);
            }
            else if (!(rule.HasWeight && i > 0 && QuantizesItself(node, i, outputIsQuantized)))
            {
                return i == 0 || !rule.HasWeight ? input.Constant is null ? "an input is not quantized" : "a constant that it reads is not quantized"
                    : i == 1 ? "the weight is not quantized"
                    : "the bias is not an integer";
            }
        }

        return !rule.HasWeight && types.Distinct().Count() > 1 ? "its inputs are integers of different types" : null;
    }

    // ONNX Runtime quantizes the float weights and biases of these by itself where everything around them is quantized, also of the one that it then
    // computes in floating point.
    private bool QuantizesItself(GraphNode node, int input, bool outputIsQuantized)
        => node.OpType is "Conv" or "Gemm" or "ConvTranspose" && outputIsQuantized && node.Inputs[input]!.Constant is { Type: ElementType.Float }
            && _producers.GetValueOrDefault(node.Inputs[0]!) is { OpType: "DequantizeLinear" } source && source.Inputs[1]!.Shape.Count == 0;

    // The type of the integers that a value is made of; null for one that is not. DequantizeLinear of one scale moves behind operators that only move elements.
    private ElementType? Integers(GraphValue value)
    {
        GraphNode? node = _producers.GetValueOrDefault(value);
        bool moved = false;
        while (node is not null && IntegerRule.Moving.Contains(node.OpType) && node.Output != _graph.Output)
        {
            (node, moved) = (_producers.GetValueOrDefault(node.Inputs[0]!), true);
        }

        return node is { OpType: "DequantizeLinear" } && (!moved || node.Inputs[1]!.Shape.Count == 0) ? node.Inputs[0]!.Type : null;
    }

    private (string? Hindrance, IReadOnlyList<string> Quantizers, bool IsQuantized) OutputOf(GraphNode node, IntegerRule rule)
    {
        GraphValue output = node.Output;
        GraphNode[] readers = [.. _readers[output]];
        if (output == _graph.Output || readers.Length == 0)
        {
            return (rule.WithoutOutput is null ? "its output is the model's output" : null, [], false);
        }

        // A rectifier in front of a quantizer that implies it is gone.
        GraphNode? rectifier = null;
        while (readers is [{ OpType: "Relu" or "Clip" } only] && only.Output != _graph.Output)
        {
            (rectifier, output, readers) = (only, only.Output, [.. _readers[only.Output]]);
        }

        while (readers is [var only] && IntegerRule.Moving.Contains(only.OpType) && only.Output != _graph.Output)
        {
            readers = [.. _readers[only.Output]];
        }

        GraphNode[] quantizers = [.. readers.Where(reader => reader.OpType == "QuantizeLinear")];
        if (rectifier is not null && (quantizers.Length != 1 || readers.Length != 1 || !IsImplied(rectifier, quantizers[0])))
        {
            return quantizers.Length == 1 && readers.Length == 1
                ? ($"the range of the quantizer behind its {Name(rectifier)} does not begin at 0 or goes beyond it", [quantizers[0].Layer], false)
                : ($"what its {Name(rectifier)} gives is not quantized once", Names(quantizers), false);
        }

        return (quantizers.Length, readers.Length) switch
        {
            (1, 1) => (null, [], true),
            (0, _) when rule.WithoutOutput is not null => (null, [], false),
            (0, _) => ($"the output goes to {string.Join(" and ", readers.Select(reader => reader.OpType).Distinct())} without a quantizer", [], false),
            var (quantized, all) when quantized < all => ("the output is read with and without a quantizer", Names(quantizers), false),
            _ => ("the output is quantized in several ways", Names(quantizers), false),
        };
    }

    private static bool IsImplied(GraphNode rectifier, GraphNode quantizer)
    {
        GraphConstant zeroPoint = quantizer.Inputs[2]!.Constant!;
        (int low, int high) = zeroPoint.Type == ElementType.UInt8 ? (0, 255) : (-128, 127);
        int zero = zeroPoint.Type == ElementType.UInt8 ? zeroPoint.Bytes[0] : (sbyte)zeroPoint.Bytes[0];
        if (rectifier.OpType == "Relu")
        {
            return zero == low;
        }

        // ONNX Runtime converts a bound that is missing to an integer that has overflown: one of the two can never be implied.
        double scale = quantizer.Inputs[1]!.Constant!.Floats()[0];
        return rectifier.Inputs.ElementAtOrDefault(2) is { Constant: { } max } && rectifier.Inputs[1] is { Constant: { } min }
            && Math.Round(min.Floats()[0] / scale) + zero <= low && Math.Round(max.Floats()[0] / scale) + zero >= high;
    }

    private static string Name(GraphNode rectifier) => rectifier.OpType == "Relu" ? "ReLU" : "clip";

    private static string[] Names(IEnumerable<GraphNode> quantizers) => [.. quantizers.Select(node => node.Layer)];
}
