using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Digits.Onnx;

/// <summary>A model file in ONNX Runtime, on the CPU.</summary>
internal sealed class OnnxModelRun : IDisposable
{
    private readonly InferenceSession _session;

    /// <param name="path">The model file.</param>
    /// <param name="optimizedPath">Where ONNX Runtime writes the graph that it really executes; null for nowhere.</param>
    public OnnxModelRun(string path, string? optimizedPath = null)
    {
        using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };

        // Without VNNI, the fast integer kernels saturate; this asks for exact ones there, and does nothing on other processors.
        options.AddSessionConfigEntry("session.x64quantprecision", "1");
        if (optimizedPath is not null)
        {
            options.OptimizedModelFilePath = optimizedPath;
        }

        _session = new(path, options);
    }

    /// <summary>Logits [N, 10] for images [N, 1, 8, 8].</summary>
    public Tensor Logits(Tensor images)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = _session.Run([Input(images)]);
        var output = results[0].AsTensor<float>();
        return tensor(output.ToArray()).reshape([.. output.Dimensions.ToArray().Select(size => (long)size)]);
    }

    /// <summary>Median times of several models on the same batch, in milliseconds; they take turns, so that noise hits them alike.</summary>
    public static double[] MedianMilliseconds(Tensor images, int rounds, params OnnxModelRun[] models)
    {
        List<double>[] times = [.. models.Select(_ => new List<double>())];
        for (int round = -3; round < rounds; round++)
        {
            for (int i = 0; i < models.Length; i++)
            {
                NamedOnnxValue input = Input(images);
                long start = Stopwatch.GetTimestamp();
                models[i]._session.Run([input]).Dispose();
                if (round >= 0)
                {
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        return [.. times.Select(list => list.Order().ElementAt(list.Count / 2))];
    }

    private static NamedOnnxValue Input(Tensor images)
        => NamedOnnxValue.CreateFromTensor(
            "input", new DenseTensor<float>(images.data<float>().ToArray(), [.. images.shape.Select(size => (int)size)]));

    public void Dispose() => _session.Dispose();
}
