import type { SelfSubjectReview } from "@leasehold/api";
import type { Answer } from "./question.ts";

/** SelfSubjectReview: who am I? */
export const selfSubjectReview: Answer<SelfSubjectReview["status"]> = ({ user }) => {
  const { name, uid, groups, extra } = user;
  return {
    userInfo: {
      username: name === "" ? undefined : name,
      uid: uid === "" ? undefined : uid,
      groups: groups.length === 0 ? undefined : groups,
      extra: Object.keys(extra).length === 0 ? undefined : extra,
    },
  };
};
