using QuantGen;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo;

/// <summary>Frames of clips one behind the other as a batch; the classes of a clip are the mean of those of its frames.</summary>
[Quantize]
public sealed class VideoClips : Module<Tensor, Tensor>
{
    private readonly long frames;
    private readonly Module<Tensor, Tensor> fc;

    public VideoClips(long frames)
        : base(nameof(VideoClips))
    {
        this.frames = frames;
        fc = Linear(4, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => fc.call(x).view(-1, frames, 2).mean([1]);
}
