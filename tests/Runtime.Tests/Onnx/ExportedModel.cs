using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using QuantGen.Onnx;
using QuantGen.Onnx.Proto;
using static TorchSharp.torch.nn;
using Tensor = TorchSharp.torch.Tensor;

namespace QuantGen.Tests.Onnx;

/// <summary>A model that was exported to a file of its own, to be looked at and run in ONNX Runtime.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly string _path;
    private readonly string _optimizedPath;
    private readonly InferenceSession _session;

    private ExportedModel(string path, OnnxExportReport report, bool precise)
    {
        (_path, _optimizedPath, Report) = (path, path + ".optimized", report);
        using SessionOptions options = new() { OptimizedModelFilePath = _optimizedPath, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };

        // Without VNNI, the fast uint8 · int8 kernels saturate; this asks for exact ones there, and does nothing elsewhere.
        options.AddSessionConfigEntry("session.x64quantprecision", precise ? "1" : "0");
        _session = new(path, options);
        Written = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        Optimized = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_optimizedPath));
        AssertPrediction();
    }

    /// <summary>What the export said.</summary>
    public OnnxExportReport Report { get; }

    /// <summary>The file.</summary>
    public ModelProto Written { get; }

    /// <summary>What ONNX Runtime made of it.</summary>
    public ModelProto Optimized { get; }

    /// <summary>Exports a model and opens a session on the file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="example">An input.</param>
    /// <param name="target">The runtime.</param>
    /// <param name="precise">Whether ONNX Runtime shall use exact kernels on processors without VNNI.</param>
    public static ExportedModel Of<TModel>(TModel model, Tensor example, OnnxTarget target, bool precise = true)
        where TModel : Module<Tensor, Tensor>, ITraceable
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        return new(path, model.ExportOnnx(path, example, target), precise);
    }

    /// <summary>The output for an input, in row-major order.</summary>
    public float[] Run(Tensor input)
    {
        using var results = Results(input);
        return [.. results[0].AsEnumerable<float>()];
    }

    /// <summary>The shape of the output for an input.</summary>
    public long[] Shape(Tensor input)
    {
        using var results = Results(input);
        return [.. results[0].AsTensor<float>().Dimensions.ToArray().Select(size => (long)size)];
    }

    // What the export says of each operator is what ONNX Runtime did with it, for every model of every test. It appends a number to the names of what it moved.
    private void AssertPrediction()
    {
        HashSet<string> integer =
        [
            .. Optimized.Graph.Node
                .Where(node => node.OpType.StartsWith("QLinear", StringComparison.Ordinal) || node.OpType is "QGemm" or "MatMulIntegerToFloat")
                .Select(node => Regex.Replace(node.Name, "_token_[0-9]+$", "")),
        ];
        IEnumerable<string> expected = Report.Kernels.Where(kernel => integer.Contains(kernel.Name)).Select(kernel => kernel.Name);
        IEnumerable<string> predicted = Report.Kernels.Where(kernel => kernel.IsInteger).Select(kernel => kernel.Name);
        Assert.Equal(expected, predicted);
        Assert.Equal(Report.Target == OnnxTarget.OnnxRuntime ? integer.Count : 0, predicted.Count());
    }

    /// <summary>How often an operator occurs in a graph.</summary>
    public static int Count(ModelProto model, string opType) => model.Graph.Node.Count(node => node.OpType == opType);

    /// <summary>The operators of a graph in order.</summary>
    public static string[] Operators(ModelProto model) => [.. model.Graph.Node.Select(node => node.OpType)];

    private IDisposableReadOnlyCollection<DisposableNamedOnnxValue> Results(Tensor input)
    {
        DenseTensor<float> tensor = new(input.contiguous().data<float>().ToArray(), [.. input.shape.Select(size => (int)size)]);
        return _session.Run([NamedOnnxValue.CreateFromTensor("input", tensor)]);
    }

    public void Dispose()
    {
        _session.Dispose();
        File.Delete(_path);
        File.Delete(_optimizedPath);
    }
}
