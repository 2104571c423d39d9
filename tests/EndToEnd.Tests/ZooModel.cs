using ModelZoo;
using ModelZoo.V3;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests;

/// <summary>A model of <c>Models/</c>, its generated sibling, and how to run them.</summary>
internal sealed record ZooModel(string Name, Func<Module> Net, Func<Module> Quant, Func<Tensor[]> Inputs, Func<Module, Tensor[], Tensor[]> Run)
{
    public static IReadOnlyList<ZooModel> All { get; } =
    [
        Image("LeNet", () => new LeNet(), () => new QuantLeNet(), [4, 1, 16, 16]),
        Image("AlexNet", () => new AlexNet("net", 10), () => new QuantAlexNet("net", 10), [2, 3, 32, 32]),
        Image("VggTiny", () => new Vgg("tiny"), () => new QuantVgg("tiny"), [2, 3, 16, 16]),
        Image("VggWithoutNorm", () => new Vgg("small", 5, batchNorm: false), () => new QuantVgg("small", 5, batchNorm: false), [2, 3, 16, 16]),
        Image("ResNet18", () => ResNet.ResNet18(10), () => QuantResNet.ResNet18(10), [2, 3, 32, 32]),
        Image("ResNet50", () => ResNet.ResNet50(10), () => QuantResNet.ResNet50(10), [2, 3, 32, 32]),
        Image("ResNet18Unsigned", () => ResNet.ResNet18(10), () => QuantResNetUnsigned.ResNet18(10), [2, 3, 32, 32]),
        Image("MobileNetV2", () => new MobileNetV2(), () => new QuantMobileNetV2(), [2, 3, 16, 16]) with
        {
            // A block that changes the number of channels has the sum in its text and does not come there.
            Unreached = ["features.2.residual_quantizer", "features.4.residual_quantizer"],
        },
        Image("MobileNetV3", MobileNetV3.Small, QuantMobileNetV3.Small, [2, 3, 16, 16]) with { Unreached = ["blocks.1.residual_quantizer"] },
        Image("MobileNetV3Unsigned", MobileNetV3.Small, QuantMobileNetV3Unsigned.Small, [2, 3, 16, 16]) with
        {
            Unreached = ["blocks.1.residual_quantizer", "blocks.1.addend_quantizer"],
        },
        Image("Detector", () => new Detector(), () => new QuantDetector(), [2, 3, 32, 32]),
        TwoOutputs("GoogLeNet", () => new GoogLeNet(), () => new QuantGoogLeNet()) with { Unreached = ["aux1."] },
        TwoOutputs("GoogLeNetUnsigned", () => new GoogLeNet(auxLogits: false), () => new QuantGoogLeNetUnsigned(auxLogits: false)),
        OneInput("SequenceTagger", () => new SequenceTagger(20, 8, 5), () => new QuantSequenceTagger(20, 8, 5), () => randint(0, 20, [3, 7])),
        Image("InceptionNet", () => new InceptionNet(10), () => new QuantInceptionNet(10), [2, 3, 8, 8]),
        Image("FunctionalAttention", () => new FunctionalAttention(16, 4, 10), () => new QuantFunctionalAttention(16, 4, 10), [2, 3, 16, 16]),
        Image("FunctionalAttentionUnsigned", () => new FunctionalAttention(16, 4, 10), () => new QuantFunctionalAttentionUnsigned(16, 4, 10), [2, 3, 16, 16]),
        OneInput("Transformer", () => new Transformer(16, 2, 6, 5), () => new QuantTransformer(16, 2, 6, 5), () => randn(3, 6, 16)),
        Image("UNet", () => new UNet(3, 4, 6), () => new QuantUNet(3, 4, 6), [2, 3, 8, 8]),
        Image("UNetForTensorRT", () => new UNet(3, 4, 6), () => new QuantUNetForTensorRT(3, 4, 6), [2, 3, 8, 8]),
        new(
            "Matcher", () => new Matcher(), () => new QuantMatcher(), () => [rand(3, 1, 8, 8), rand(3, 1, 8, 8)],
            (model, inputs) => [((Module<Tensor, Tensor, Tensor>)model).call(inputs[0], inputs[1])]),
    ];

    /// <summary>The starts of the names of quantizers that this model does not run through in evaluation.</summary>
    private IReadOnlyList<string> Unreached { get; init; } = [];

    public static ZooModel Find(string name) => All.Single(model => model.Name == name);

    public bool IsUnreached(string quantizer) => Unreached.Any(start => quantizer.StartsWith(start, StringComparison.Ordinal));

    private static ZooModel Image(string name, Func<Module> net, Func<Module> quant, long[] shape) => OneInput(name, net, quant, () => rand(shape));

    private static ZooModel OneInput(string name, Func<Module> net, Func<Module> quant, Func<Tensor> input)
        => new(name, net, quant, () => [input()], (model, inputs) => [((Module<Tensor, Tensor>)model).call(inputs[0])]);

    private static ZooModel TwoOutputs(string name, Func<Module> net, Func<Module> quant)
        => new(name, net, quant, () => [rand(2, 3, 16, 16)], (model, inputs) =>
        {
            (Tensor logits, Tensor? aux) = ((Module<Tensor, (Tensor, Tensor?)>)model).call(inputs[0]);
            return aux is null ? [logits] : [logits, aux];
        });
}
