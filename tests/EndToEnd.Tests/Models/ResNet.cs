using System;
using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo
{
    /// <summary>Private nested blocks, a delegate that makes them, and stages that are filled after they were made.</summary>
    [Quantize]
    [Quantize(Name = "QuantResNetUnsigned", Target = QuantTarget.OnnxRuntime)]
    public class ResNet : Module<Tensor, Tensor>
    {
        private delegate Module<Tensor, Tensor> BlockFunc(string name, int inPlanes, int planes, int stride, Module<Tensor, Tensor>? downsample);

        private readonly Module<Tensor, Tensor> conv1;
        private readonly Module<Tensor, Tensor> bn1;
        private readonly Module<Tensor, Tensor> relu;
        private readonly Module<Tensor, Tensor> maxpool;
        private readonly Sequential layer1 = Sequential();
        private readonly Sequential layer2 = Sequential();
        private readonly Sequential layer3 = Sequential();
        private readonly Sequential layer4 = Sequential();
        private readonly Module<Tensor, Tensor> avgpool;
        private readonly Module<Tensor, Tensor> flatten;
        private readonly Module<Tensor, Tensor> fc;
        private int in_planes = 8;

        public static ResNet ResNet18(int numClasses, Device? device = null) => new(
            "ResNet18",
            (name, inPlanes, planes, stride, downsample) => new BasicBlock(name, inPlanes, planes, stride, downsample),
            BasicBlock.expansion, [2, 2, 2, 2], numClasses, device);

        public static ResNet ResNet50(int numClasses, Device? device = null)
        {
            return new ResNet(
                "ResNet50",
                (name, inPlanes, planes, stride, downsample) => new Bottleneck(name, inPlanes, planes, stride, downsample),
                Bottleneck.expansion, new int[] { 3, 4, 6, 3 }, numClasses, device);
        }

        private ResNet(string name, BlockFunc block, int expansion, int[] numBlocks, int numClasses, Device? device = null) : base(name)
        {
            conv1 = Conv2d(3, in_planes, kernel_size: 3, stride: 1, padding: 1, bias: false);
            bn1 = BatchNorm2d(in_planes);
            relu = ReLU(inplace: true);
            maxpool = MaxPool2d(kernel_size: 2L, stride: 2L);
            MakeLayer(layer1, block, expansion, 8, numBlocks[0], 1);
            MakeLayer(layer2, block, expansion, 16, numBlocks[1], 2);
            MakeLayer(layer3, block, expansion, 24, numBlocks[2], 2);
            MakeLayer(layer4, block, expansion, 32, numBlocks[3], 2);
            avgpool = nn.AdaptiveAvgPool2d(new long[] { 1, 1 });
            flatten = Flatten();
            fc = Linear(32 * expansion, numClasses);

            RegisterComponents();
            foreach (var m in modules())
            {
                switch (m)
                {
                    case TorchSharp.Modules.Conv2d conv:
                        init.kaiming_normal_(conv.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
                        break;
                    case TorchSharp.Modules.BatchNorm2d bn:
                        init.constant_(bn.weight!, 1);
                        init.constant_(bn.bias!, 0);
                        break;
                    case Linear { weight: var weight }:
                        init.normal_(weight, 0, 0.02);
                        break;
                }
            }

            if (device is not null)
                this.to(device);
        }

        private void MakeLayer(Sequential modules, BlockFunc block, int expansion, int planes, int numBlocks, int stride)
        {
            Sequential? downsample = null;
            if (stride != 1 || in_planes != planes * expansion)
            {
                downsample = Sequential(
                    ("conv", Conv2d(in_planes, planes * expansion, kernel_size: 1, stride: stride, bias: false)),
                    ("bn", BatchNorm2d(planes * expansion)));
            }

            modules.append(block("blck-0", in_planes, planes, stride, downsample));
            in_planes = planes * expansion;
            for (int i = 1; i < numBlocks; i++)
                modules.append(block($"blck-{i}", in_planes, planes, 1, null));
        }

        public override Tensor forward(Tensor input)
        {
            using (var scope = NewDisposeScope())
            {
                var x = maxpool.call(relu.call(bn1.call(conv1.call(input))));
                x = layer1.call(x);
                x = layer2.call(x);
                x = layer3.call(x);
                x = layer4.call(x);
                var res = fc.call(flatten.call(avgpool.call(x)));
                scope.MoveToOuter(res);
                return res;
            }
        }

        private class BasicBlock : Module<Tensor, Tensor>
        {
            public const int expansion = 1;

            private readonly Module<Tensor, Tensor> conv1;
            private readonly Module<Tensor, Tensor> bn1;
            private readonly Module<Tensor, Tensor> conv2;
            private readonly Module<Tensor, Tensor> bn2;
            private readonly Module<Tensor, Tensor> relu1;
            private readonly Module<Tensor, Tensor>? downsample;

            public BasicBlock(string name, int in_planes, int planes, int stride, Module<Tensor, Tensor>? downsample) : base(name)
            {
                conv1 = Conv2d(in_planes, planes, kernel_size: 3, stride: stride, padding: 1, bias: false);
                bn1 = BatchNorm2d(planes);
                relu1 = ReLU(inplace: true);
                conv2 = Conv2d(planes, planes, kernel_size: 3, stride: 1, padding: 1, bias: false);
                bn2 = BatchNorm2d(planes);
                this.downsample = downsample;
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                var identity = input;
                var x = relu1.call(bn1.call(conv1.call(input)));
                x = bn2.call(conv2.call(x));
                if (downsample is not null)
                {
                    identity = downsample.call(input);
                }

                return x.add_(identity).relu_();
            }
        }

        private class Bottleneck : Module<Tensor, Tensor>
        {
            public const int expansion = 4;

            private readonly Module<Tensor, Tensor> conv1, conv2, conv3;
            private readonly Module<Tensor, Tensor> bn1, bn2, bn3;
            private readonly Module<Tensor, Tensor>? downsample;

            public Bottleneck(string name, int in_planes, int planes, int stride, Module<Tensor, Tensor>? downsample) : base(name)
            {
                conv1 = Conv2d(in_planes, planes, 1L, bias: false);
                conv2 = Conv2d(planes, planes, (3, 3), (stride, stride), (1, 1), bias: false);
                conv3 = Conv2d(planes, expansion * planes, kernel_size: 1, bias: false);
                (bn1, bn2, bn3) = (BatchNorm2d(planes), BatchNorm2d(planes), BatchNorm2d(expansion * planes));
                this.downsample = downsample;
                RegisterComponents();
            }

            public override Tensor forward(Tensor input)
            {
                using var scope = NewDisposeScope();
                var output = functional.relu(bn1.call(conv1.call(input)));
                output = functional.relu(bn2.call(conv2.call(output)));
                output = bn3.call(conv3.call(output));
                output += downsample != null ? downsample.call(input) : input;
                return functional.relu(output).MoveToOuterDisposeScope();
            }
        }
    }
}
