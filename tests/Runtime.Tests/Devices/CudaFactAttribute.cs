using static TorchSharp.torch;

namespace QuantGen.Tests.Devices;

/// <summary>A test that needs a CUDA device, and says so where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CudaFactAttribute : FactAttribute
{
    private static readonly bool s_isAvailable = cuda.is_available();

    public CudaFactAttribute()
    {
        if (!s_isAvailable)
        {
            Skip = "torch.cuda.is_available() is false: no CUDA device, or the tests were built without -p:TorchBackend=cuda.";
        }
    }
}
