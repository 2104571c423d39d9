namespace Digits;

/// <summary>What the sample measures, as it stands in <c>results.json</c>. Accuracies and agreement are from 0 to 1.</summary>
internal sealed record Results(
    Score Float, PtqScores Int8Ptq, LowBitScores Int4, OnnxResults Onnx, long FloatOnnxBytes, double Seconds);

/// <summary>How good a model is on the test images.</summary>
/// <param name="Accuracy">The share of images that it tells right.</param>
/// <param name="Loss">The mean cross-entropy, in nats: it also sees how sure the model is, where accuracy moves by single images.</param>
internal sealed record Score(double Accuracy, double Loss);

/// <summary>At 8 bits after calibration, by method.</summary>
internal sealed record PtqScores(Score Max, Score Entropy, Score Percentile, Score Mse);

/// <summary>At 4 bits, after calibration and after fine-tuning.</summary>
internal sealed record LowBitScores(Score Ptq, Score Qat);

/// <summary>The two exports.</summary>
internal sealed record OnnxResults(OnnxResult TensorRT, OnnxResult OnnxRuntime);

/// <summary>One export, run in ONNX Runtime.</summary>
/// <param name="Accuracy">Accuracy on the test images.</param>
/// <param name="Agreement">Share of test images with the same prediction as the C# model.</param>
/// <param name="MaxLogitDifference">Largest difference of a logit from the C# model's.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="LatencyRatio">Float latency divided by this one's, measured side by side.</param>
/// <param name="QlinearConvs">Convolutions that ONNX Runtime executes as integer kernels.</param>
/// <param name="Convs">Convolutions in the model.</param>
internal sealed record OnnxResult(
    double Accuracy, double Agreement, double MaxLogitDifference, long Bytes, double LatencyRatio, int QlinearConvs, int Convs);
