using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Fuzzing;

/// <summary>Models with what real code has around them: nested configurations and blocks, generic and derived models, factories, partial methods, small modules.</summary>
internal static class Zoo
{
    public const string Configured = Compiler.Usings + """
        namespace Zoo;

        [Quantize(Target = QuantTarget.OnnxRuntime)]
        [Quantize(Fields = "head*", Weight = "4bit")]
        public partial class Detector : Module<Tensor, Tensor>
        {
            public sealed record Config(long Width, Activation Activation = Activation.ReLU);

            public enum Activation { None, ReLU }

            [Quantize(Input = "16bit")]
            public class Block : Module<Tensor, Tensor>
            {
                private readonly Conv2d conv;
                private readonly BatchNorm2d norm;
                private readonly Activation activation;

                public Block(long width, Activation activation) : base("block")
                {
                    conv = Conv2d(width, width, 3, padding: 1);
                    norm = BatchNorm2d(width);
                    this.activation = activation;
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    Tensor y = training ? norm.call(conv.call(x)) : Fuse(conv).call(x);
                    return x + (activation == Activation.ReLU ? y.relu() : y);
                }

                private static Conv2d Fuse(Conv2d conv) => Conv2d(conv.in_channels, conv.out_channels, 3, padding: 1);
            }

            private readonly Module<Tensor, Tensor> stem;
            private readonly Block block;
            private readonly Linear headBox, headScore;
            private readonly Shortcut shortcut = new();
            private readonly Concat concat = new(1);

            public Detector(Config config) : base(nameof(Detector))
            {
                stem = Layers.Stem(config.Width);
                block = new Block(config.Width, config.Activation);
                headBox = Linear(config.Width, 4);
                headScore = Linear(config.Width, 2);
                RegisterComponents();
                Made();
            }

            partial void Made();

            private partial Tensor Join(Tensor left, Tensor right);

            public override Tensor forward(Tensor x)
            {
                Tensor y = stem.call(x);
                y = shortcut.call(y, block.call(y)).mean([2, 3]);
                if (training)
                {
                    y = y.cumsum(0);
                }

                return Join(headBox.call(y) * 320, headScore.call(y).sigmoid());
            }
        }
        """;

    public const string Parts = Compiler.Usings + """
        namespace Zoo;

        public partial class Detector
        {
            private partial Tensor Join(Tensor left, Tensor right)
            {
                Halve(left, out Tensor half, out _);
                return concat.call([half, right]);
            }

            private static void Halve(Tensor x, out Tensor half, out Tensor rest)
            {
                half = x * 0.5;
                rest = x - half;
            }
        }

        public sealed class Concat(long dimension) : Module<Tensor[], Tensor>("concat")
        {
            public override Tensor forward(Tensor[] tensors) => torch.cat(tensors, dimension);
        }

        public sealed class Shortcut() : Module<Tensor, Tensor, Tensor>("shortcut")
        {
            public override Tensor forward(Tensor a, Tensor b) => a + b;
        }
        """;

    public const string Factories = Compiler.Usings + """
        namespace Zoo;

        [Quantize]
        public class Gate : Module<Tensor, Tensor>
        {
            protected readonly Module<Tensor, Tensor> fc;
            protected Gate(long width, string name) : base(name) => fc = Conv2d(width, width, 1);
            public Gate(long width) : this(width, "gate") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x).sigmoid() * x;
        }

        public class Plain(long width) : Module<Tensor, Tensor>("plain")
        {
            private readonly Linear fc = Linear(width, width);
            public override Tensor forward(Tensor x) => fc.call(x);
        }

        public static class Layers
        {
            public static Module<Tensor, Tensor> Stem(long width) => Conv2d(3, width, 3);
            public static Gate MakeGate(long width) => new(width);
            public static Plain MakePlain(long width) => new(width);
        }
        """;

    public const string Generic = Compiler.Usings + """
        [assembly: QuantizeProfile("Int4", Classes = "Zoo.Gate*, Wide*", Weight = "4bit")]

        namespace Zoo;

        [Quantize]
        public class Pair<T> : Module<Tensor, Tensor> where T : Module<Tensor, Tensor>
        {
            public readonly record struct Options(long Width, bool Twice);

            protected readonly T first;
            protected readonly Module<Tensor, Tensor> second;
            private readonly System.Func<Tensor, Tensor> activation = x => x.relu();

            public Pair(T first, Options options) : base("pair")
            {
                this.first = first;
                second = options.Twice ? Sequential(Linear(options.Width, options.Width), ReLU()) : Layers.MakePlain(options.Width);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => second.call(activation(first.call(x))) + x;
        }

        [Quantize]
        public class WideGate : Gate
        {
            private readonly Module<Tensor, Tensor> gate = Layers.MakeGate(8), embedding = Embedding(4, 8);
            private readonly Pair<Linear> pair;

            public WideGate() : base(8, nameof(WideGate))
            {
                pair = new Pair<Linear>(Linear(8, 8), new Pair<Linear>.Options(8, true));
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => pair.call(gate.call(base.forward(x)) + embedding.call(x));
        }
        """;

    public static readonly string[] Files = [Configured, Parts, Factories, Generic];
}
