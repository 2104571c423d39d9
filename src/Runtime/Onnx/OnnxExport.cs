using QuantGen.Calibrating;
using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Proto;
using QuantGen.Onnx.Targets;
using QuantGen.Onnx.Tracing;
using QuantGen.Onnx.Writing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Onnx;

/// <summary>Exports models to ONNX.</summary>
public static class OnnxExport
{
    /// <summary>Writes a model as an ONNX file that its target runs with integer kernels.</summary>
    /// <param name="model">A model that <c>[Quantize]</c> generated, or a hand-written traceable one, calibrated and in float32.</param>
    /// <param name="path">The file; an existing one is replaced once the new one is complete.</param>
    /// <param name="example">
    /// An input of the model, for the shapes. Its first dimension is the batch, whose size stays open in the file: the model is traced with two sizes, and
    /// what differs is what goes with the batch. Where the model takes no other size, the file is for this one, and a note says so.
    /// </param>
    /// <param name="target">The runtime that the file is for.</param>
    /// <returns>What was written, and what differs from the C# model.</returns>
    /// <remarks>The model is traced in evaluation mode on its own device, and is as it was afterwards.</remarks>
    /// <exception cref="ArgumentException">The example is not a float32 tensor with a batch of at least one.</exception>
    /// <exception cref="InvalidOperationException">
    /// Quantizers that the exported graph runs through have no range, or a parameter is not float32; nothing is written.
    /// Quantizers that the example does not come to, such as those of a shortcut or an auxiliary head that is not taken, need none.
    /// </exception>
    /// <exception cref="NotSupportedException">The model does something that cannot be exported; the message names the module.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write the file.</exception>
    public static OnnxExportReport ExportOnnx<TModel>(this TModel model, string path, Tensor example, OnnxTarget target = OnnxTarget.TensorRT)
        where TModel : Module<Tensor, Tensor>, ITraceable
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CheckExample(example);
        ExportTarget exportTarget = ExportTarget.Of(target);
        string file = ModelFile.Resolve(path);
        CheckParameters(model);

        OnnxGraph graph = Trace(model, example);

        // Of the targets that a model is annotated for, only this one lets data and calibration decide about unsigned ranges.
        graph.IsForOnnxRuntime = model.modules().Any(module => module is TensorQuantizer { Descriptor: { DetectUnsigned: true } or { Unsigned: true } or { Affine: true } });
        exportTarget.Apply(graph);
        ModelProto printed = OnnxModelWriter.Print(graph);
        return new()
        {
            Path = file,
            Target = target,
            Bytes = ModelFile.Write(file, printed),
            Nodes = graph.Nodes.Count,
            QuantizedLayers = QuantizedLayers(graph),
            Kernels = graph.Kernels,
            Notes = graph.Notes,
        };
    }

    /// <summary>Stands for the export of a model that has none, so that the compiler says why.</summary>
    /// <param name="model">A model without a traced <c>forward</c>.</param>
    /// <param name="path">The file.</param>
    /// <param name="example">An input.</param>
    /// <param name="target">The runtime.</param>
    [Obsolete(
        "This model cannot be exported. Export the generated sibling of a model with [Quantize]; where its forward could not be traced, QG1005 (an information at the operation, in the editor) says which one is in the way.",
        error: true)]
    public static OnnxExportReport ExportOnnx(this Module<Tensor, Tensor> model, string path, Tensor example, OnnxTarget target = OnnxTarget.TensorRT)
        => throw new NotSupportedException($"{model} has no traced forward for the export to '{path}' ({target}, {example}).");

    private static OnnxGraph Trace<TModel>(TModel model, Tensor example)
        where TModel : Module<Tensor, Tensor>, ITraceable
    {
        using EvaluationMode evaluation = new(model);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Device device = model.parameters().Concat(model.buffers()).FirstOrDefault()?.device ?? example.device;
        return OpenBatch.Trace(model, example.detach().to(device));
    }

    private static void CheckExample(Tensor example)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (example.dtype != ScalarType.Float32 || example.ndim == 0 || example.shape[0] == 0)
        {
            throw new ArgumentException(
                $"The example must be a float32 tensor whose first dimension is a batch of at least one, but is {example.dtype} of shape [{string.Join(", ", example.shape)}].",
                nameof(example));
        }
    }

    private static void CheckParameters(Module<Tensor, Tensor> model)
    {
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in model.named_parameters())
        {
            if (parameter.dtype != ScalarType.Float32)
            {
                throw new InvalidOperationException(
                    $"The export takes float32 models, but '{name}' is {parameter.dtype}; call model.to(ScalarType.Float32) first.");
            }
        }
    }

    private static string[] QuantizedLayers(OnnxGraph graph) =>
    [
        .. graph.Nodes
            .Where(node => graph.IsWeighted(node) && node.Inputs.Take(2).All(input => IsDequantized(graph, input)))
            .Select(node => node.Layer),
    ];

    private static bool IsDequantized(OnnxGraph graph, GraphValue? value) => graph.Producer(value) switch
    {
        { OpType: "DequantizeLinear" } => true,
        { OpType: "Pad" } pad => IsDequantized(graph, pad.Inputs[0]),
        _ => false,
    };
}
