namespace ClusterCalibration;

/// <summary>The roles of the cluster's members; the coordinator's actor has the same name.</summary>
internal static class Roles
{
    public const string Coordinator = "coordinator";
    public const string Worker = "worker";
}
