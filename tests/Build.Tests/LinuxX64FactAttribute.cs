namespace QuantGen.Tests;

/// <summary>A fact that only 64-bit Linux can show.</summary>
internal sealed class LinuxX64FactAttribute : FactAttribute
{
    public LinuxX64FactAttribute() => Skip = Surroundings.IsLinuxX64 ? null : "The library is one for linux-x64.";
}
