using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Of an addition whose operands are both quantized, lets the one that a weighted layer computes stay unquantized: TensorRT fuses the addition
/// into that layer and takes only the residual operand in integers.
/// </summary>
/// <remarks>NVIDIA TensorRT developer guide, "Q/DQ layer-placement recommendations".</remarks>
internal static class QuantizeResidualOnly
{
    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        Dictionary<GraphValue, int> depths = WeightedDepths(graph);
        foreach (GraphNode add in graph.Nodes.Where(node => node.OpType == "Add").ToArray())
        {
            if (graph.Producer(add.Inputs[0]) is not FakeQuantizeNode left || graph.Producer(add.Inputs[1]) is not FakeQuantizeNode right)
            {
                continue;
            }

            // The operand with more weighted layers behind it is the block's own, the other one the residual; on a tie the right one is the residual.
            int operand = depths.GetValueOrDefault(left.Input) >= depths.GetValueOrDefault(right.Input) ? 0 : 1;
            FakeQuantizeNode quantizer = operand == 0 ? left : right;
            if (graph.WeightedSource(quantizer.Input) is not null)
            {
                add.Inputs[operand] = quantizer.Input;
            }
        }
    }

    // The largest number of weighted layers on a way from the model's input.
    private static Dictionary<GraphValue, int> WeightedDepths(OnnxGraph graph)
    {
        Dictionary<GraphValue, int> depths = [];
        foreach (GraphNode node in graph.Nodes)
        {
            int deepest = node.Inputs.OfType<GraphValue>().Select(input => depths.GetValueOrDefault(input)).DefaultIfEmpty().Max();
            depths[node.Output] = deepest + (graph.IsWeighted(node) ? 1 : 0);
        }

        return depths;
    }
}
