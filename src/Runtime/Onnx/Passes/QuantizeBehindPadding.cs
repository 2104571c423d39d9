using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Quantizes again behind a padding of quantized values, so that the convolution that reads them finds integers.
/// Values do not change: padding copies them or adds zeros, and quantizing twice is quantizing once.
/// </summary>
internal static class QuantizeBehindPadding
{
    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (GraphNode pad in graph.Nodes.Where(node => node.OpType == "Pad" && node.Inputs.Count == 2).ToArray())
        {
            if (graph.Producer(pad.Inputs[0]) is FakeQuantizeNode { Quantization.Axis: null } quantizer)
            {
                GraphValue output = new(graph.UniqueName($"{pad.Output.Name}/FakeQuantize"), ElementType.Float, [.. pad.Output.Shape]);
                graph.ReplaceUses(pad.Output, output);
                graph.Nodes.Insert(graph.Nodes.IndexOf(pad) + 1, new FakeQuantizeNode(pad.Output, output, quantizer.Quantization));
            }
        }
    }
}
