using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

/// <summary>What real objects carry and nobody here asks for: most of their bytes.</summary>
internal static class Noise
{
    public static JsonArray ManagedFields(ApiKind kind) => new(
        Managed("kube-controller-manager", kind, """
            {"f:metadata":{"f:generateName":{},"f:labels":{".":{},"f:app":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"be111f78-a3e6-479f-bd49-091a5f49823c\"}":{}}},
            "f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:command":{},"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{},
            "f:terminationMessagePath":{},"f:terminationMessagePolicy":{}}},"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{}}}
            """),
        Managed("kubelet", kind, """
            {"f:status":{"f:conditions":{"k:{\"type\":\"ContainersReady\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},
            "k:{\"type\":\"Initialized\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},
            "k:{\"type\":\"Ready\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}}},
            "f:containerStatuses":{},"f:hostIP":{},"f:hostIPs":{},"f:phase":{},"f:podIP":{},"f:podIPs":{".":{},"k:{\"ip\":\"10.244.0.18\"}":{".":{},"f:ip":{}}}}}
            """));

    public static JsonObject PodSpec() => Object("""
        {"volumes":[{"name":"kube-api-access-ph5rr","projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},
        {"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},
        {"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}],"defaultMode":420}}],
        "containers":[{"name":"c","image":"registry.example.org/team/service:1.2.3","env":[{"name":"PEERS","value":"10.0.0.1,10.0.0.2"}],
        "ports":[{"containerPort":8080,"protocol":"TCP"}],"resources":{"limits":{"cpu":"1","memory":"512Mi"},"requests":{"cpu":"100m","memory":"256Mi"}},
        "volumeMounts":[{"name":"kube-api-access-ph5rr","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],
        "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}],
        "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"default",
        "securityContext":{},"schedulerName":"default-scheduler","tolerations":[
        {"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},
        {"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],"priority":0}
        """);

    public static JsonObject PodStatus() => Object("""
        {"observedGeneration":1,"conditions":[
        {"type":"PodReadyToStartContainers","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:04Z"},
        {"type":"Initialized","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:00Z"},
        {"type":"Ready","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:04Z"},
        {"type":"ContainersReady","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:04Z"},
        {"type":"PodScheduled","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-01T00:00:00Z"}],
        "hostIP":"192.168.200.1","hostIPs":[{"ip":"192.168.200.1"}],"startTime":"2026-01-01T00:00:00Z",
        "containerStatuses":[{"name":"c","state":{"running":{"startedAt":"2026-01-01T00:00:03Z"}},
        "lastState":{"terminated":{"exitCode":1,"reason":"Error","startedAt":"2026-01-01T00:00:01Z","finishedAt":"2026-01-01T00:00:02Z"}},
        "ready":true,"restartCount":1,"image":"registry.example.org/team/service:1.2.3",
        "imageID":"sha256:05a9db1d72c22ee3c1b1c853e762f9ad3047e13433a107b08049bbfb64bf2abb",
        "containerID":"containerd://78b2c3686060a05a1f2b693635d2b214e39582110ec7963cbde1bcaf98d3e9e4","started":true,
        "volumeMounts":[{"name":"kube-api-access-ph5rr","mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","readOnly":true}],
        "user":{"linux":{"uid":0,"gid":0,"supplementalGroups":[0]}}}],"qosClass":"Burstable"}
        """);

    private static JsonObject Managed(string manager, ApiKind kind, string fields) => new()
    {
        ["manager"] = manager,
        ["operation"] = "Update",
        ["apiVersion"] = kind.ApiVersion,
        ["time"] = "2026-01-01T00:00:00Z",
        ["fieldsType"] = "FieldsV1",
        ["fieldsV1"] = Object(fields),
    };

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();
}
