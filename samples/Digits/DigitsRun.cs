using System.Diagnostics;
using System.Globalization;
using Digits.Data;
using Digits.Models;
using Digits.Onnx;
using Digits.Reporting;
using Digits.Training;
using QuantGen;
using QuantGen.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Digits;

/// <summary>The main job on real data: train, calibrate, fine-tune, export, compare.</summary>
internal sealed class DigitsRun(DigitsData data, Settings settings, IProgressLog log)
{
    public const int LatencyBatch = 64;
    private const int CalibrationBatch = 100, CalibrationImages = 600, LatencyRounds = 200;
    private const double LearningRate = 4e-3, FineTuningRate = LearningRate / 8;

    /// <summary>Runs everything and leaves the models in the output folder.</summary>
    public Results Execute()
    {
        long start = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        random.manual_seed(settings.Seed);

        // For images of 64 pixels a second thread costs more than it brings, and one gives the same numbers on any number of cores.
        set_num_threads(1);

        using DigitsNet net = TrainFloat(out Score floatScore);
        using var quant = new QuantDigitsNet();
        quant.LoadWeights(net);
        PtqScores int8 = CalibrateInt8(quant, net);
        (OnnxResults onnx, long floatBytes) = Export(quant);
        LowBitScores int4 = FineTuneInt4(net);
        return new(floatScore, int8, int4, onnx, floatBytes, Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1));
    }

    private DigitsNet TrainFloat(out Score score)
    {
        DigitsNet net = new();
        Score? reached = null;
        log.Stage("Train in floating point", settings.Epochs, step =>
        {
            int epoch = 0;
            Trainer.Fit(net, data.TrainImages, data.TrainLabels, settings.Epochs, LearningRate, freezeBatchNorm: false, loss => step($"epoch {++epoch}, loss {loss:F3}"));
            reached = Test(net);
        });
        net.save(Path.Combine(settings.Output, "digits.dat"));
        score = reached!;
        return net;
    }

    private PtqScores CalibrateInt8(QuantDigitsNet quant, DigitsNet net)
    {
        CalibrationState statistics = Collect("Calibrate 8 bits, once for all methods", quant);
        CalibrationMethod[] methods = [CalibrationMethod.Max, CalibrationMethod.Entropy, CalibrationMethod.Percentile(99.99), CalibrationMethod.Mse];
        Dictionary<CalibrationMethod, Score> scores = [];
        CalibrationMethod best = methods[0];
        double leastError = double.PositiveInfinity;
        using Tensor wanted = Evaluation.Logits(net, data.TrainImages);
        log.Stage("Compare the methods", methods.Length, step =>
        {
            foreach (CalibrationMethod method in methods)
            {
                statistics.Apply(quant, method);
                scores[method] = Test(quant);

                // The method to export is chosen on training images: the test images are there to judge, not to choose.
                using var scope = NewDisposeScope();
                double error = (Evaluation.Logits(quant, data.TrainImages) - wanted).square().mean().item<float>();
                if (error < leastError)
                {
                    (leastError, best) = (error, method);
                }

                step(method.ToString());
            }
        });
        statistics.Apply(quant, best);
        return new(scores[methods[0]], scores[methods[1]], scores[methods[2]], scores[methods[3]]);
    }

    private LowBitScores FineTuneInt4(DigitsNet net)
    {
        using var quant = new QuantDigitsNetInt4();
        quant.LoadWeights(net);
        Collect("Calibrate 4 bits", quant).Apply(quant, CalibrationMethod.Mse);
        Score calibrated = Test(quant), fineTuned = calibrated;
        int epochs = Math.Max(1, settings.Epochs / 3);
        log.Stage("Fine-tune 4 bits (QAT)", epochs, step =>
        {
            int epoch = 0;
            Trainer.Fit(quant, data.TrainImages, data.TrainLabels, epochs, FineTuningRate, freezeBatchNorm: true, loss => step($"epoch {++epoch}, loss {loss:F3}"));
            fineTuned = Test(quant);
        });
        quant.save(Path.Combine(settings.Output, "digits-int4.dat"));
        return new(calibrated, fineTuned);
    }

    private CalibrationState Collect(string title, Module<Tensor, Tensor> quant)
    {
        CalibrationState? statistics = null;
        log.Stage(title, CalibrationImages / CalibrationBatch, step =>
        {
            var batches = data.TrainImages[..CalibrationImages].split(CalibrationBatch);
            statistics = Calibration.Collect(quant, batches, new StepProgress(step));
        });
        return statistics!;
    }

    private (OnnxResults Exports, long FloatBytes) Export(QuantDigitsNet quant)
    {
        string floatPath = Path.Combine(settings.Output, "digits-float.onnx");
        string tensorRTPath = Path.Combine(settings.Output, "digits-tensorrt.onnx");
        string onnxRuntimePath = Path.Combine(settings.Output, "digits-onnxruntime.onnx");
        OnnxResults? exports = null;
        log.Stage("Export and compare", 3, step =>
        {
            Tensor example = data.TestImages[..1];
            quant.ExportOnnx(floatPath, example, OnnxTarget.Float);
            step("float");
            quant.ExportOnnx(tensorRTPath, example, OnnxTarget.TensorRT);
            step("TensorRT");
            quant.ExportOnnx(onnxRuntimePath, example, OnnxTarget.OnnxRuntime);
            exports = Compare(quant, floatPath, tensorRTPath, onnxRuntimePath);
            step("ONNX Runtime");
        });
        return (exports!, new FileInfo(floatPath).Length);
    }

    private OnnxResults Compare(QuantDigitsNet quant, string floatPath, string tensorRTPath, string onnxRuntimePath)
    {
        string executedTensorRT = Executed(tensorRTPath), executedOnnxRuntime = Executed(onnxRuntimePath);
        using OnnxModelRun reference = new(floatPath), tensorRT = new(tensorRTPath, executedTensorRT), onnxRuntime = new(onnxRuntimePath, executedOnnxRuntime);
        using Tensor wanted = Evaluation.Logits(quant, data.TestImages), batch = data.TestImages[..LatencyBatch].clone();
        double[] times = OnnxModelRun.MedianMilliseconds(batch, LatencyRounds, reference, tensorRT, onnxRuntime);
        int convs = OnnxFile.CountOperators(floatPath)["Conv"];
        return new(
            Judge(tensorRT, tensorRTPath, executedTensorRT, times[0] / times[1]), Judge(onnxRuntime, onnxRuntimePath, executedOnnxRuntime, times[0] / times[2]));

        static string Executed(string path) => Path.ChangeExtension(path, ".executed.onnx");

        OnnxResult Judge(OnnxModelRun model, string path, string executed, double latencyRatio)
        {
            using var scope = NewDisposeScope();
            Tensor logits = model.Logits(data.TestImages);
            return new(
                Evaluation.Accuracy(logits, data.TestLabels),
                Evaluation.Agreement(logits.argmax(1), wanted.argmax(1)),
                (logits - wanted).abs().max().item<float>(),
                new FileInfo(path).Length,
                latencyRatio,
                OnnxFile.CountOperators(executed).GetValueOrDefault("QLinearConv"),
                convs);
        }
    }

    private Score Test(Module<Tensor, Tensor> model)
    {
        using var testScope = NewDisposeScope();
        Tensor logits = Evaluation.Logits(model, data.TestImages);
        return new(Evaluation.Accuracy(logits, data.TestLabels), functional.cross_entropy(logits, data.TestLabels).item<float>());
    }

    // Progress<T> would report from another thread, and late.
    private sealed class StepProgress(Action<string> step) : IProgress<CalibrationProgress>
    {
        public void Report(CalibrationProgress value) => step(string.Create(CultureInfo.InvariantCulture, $"batch {value.Batches}"));
    }
}
